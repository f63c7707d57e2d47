using Microsoft.Playwright;

namespace Gir.Browser.Tests;

/// <summary>The machine's own Chromium, without a window; tests are skipped where there is none.</summary>
[SetUpFixture]
public sealed class Browser
{
    private static readonly string[] s_paths = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    private static IPlaywright? s_playwright;
    private static IBrowser? s_browser;

    /// <summary>Where pictures of pages are kept, to be looked at.</summary>
    public static string Screenshots { get; } = Path.Combine(AppContext.BaseDirectory, "screenshots");

    [OneTimeSetUp]
    public async Task Start()
    {
        string path = s_paths.FirstOrDefault(File.Exists) ?? "";
        if (path.Length == 0)
            Assert.Ignore("Skipped: no Chromium here (apt-get install chromium).");
        Directory.CreateDirectory(Screenshots);
        s_playwright = await Playwright.CreateAsync();
        s_browser = await s_playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = path,
            Headless = true,
            // The browser's sandbox refuses the root user of a container.
            Args = Environment.UserName == "root" ? ["--no-sandbox"] : [],
        });
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (s_browser is not null)
            await s_browser.CloseAsync();
        s_playwright?.Dispose();
    }

    /// <summary>A page in a profile of its own, that keeps account of what goes wrong and of what is asked for.</summary>
    internal static async Task<WatchedPage> OpenAsync(int width = 1280, int height = 900, ColorScheme scheme = ColorScheme.Light, bool script = true)
    {
        IBrowserContext context = await s_browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = scheme,
            JavaScriptEnabled = script,
        });
        return new WatchedPage(context, await context.NewPageAsync());
    }
}

/// <summary>A page, what it complained of, and what it asked for.</summary>
internal sealed class WatchedPage : IAsyncDisposable
{
    /// <summary>A script that lists what can be used and has no name for those who do not see it.</summary>
    public const string Nameless =
        """
        [...document.querySelectorAll('button, input, select, textarea, img, svg[role=img], [role=region], a')]
            .filter(e => !(e.getAttribute('aria-label') || e.alt || e.textContent.trim() || (e.labels && e.labels.length)))
            .map(e => e.outerHTML.slice(0, 80))
        """;

    private readonly IBrowserContext _context;

    public WatchedPage(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                Complaints.Add(message.Text);
        };
        page.PageError += (_, error) => Complaints.Add(error);
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith("data:", StringComparison.Ordinal))
                Requests.Add(request.Url);
        };
    }

    public IPage Page { get; }

    public List<string> Complaints { get; } = [];

    public List<string> Requests { get; } = [];

    public Task ScreenshotAsync(string name, bool whole = false) =>
        Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Browser.Screenshots, name + ".png"), FullPage = whole });

    public async ValueTask DisposeAsync() => await _context.CloseAsync();
}
