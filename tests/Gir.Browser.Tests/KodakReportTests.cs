using Gir.Cli;
using Gir.Cli.Shell;
using Microsoft.Playwright;

namespace Gir.Browser.Tests;

/// <summary>report.html of photographs under all fifty tasks: as long as the pages get that people make.</summary>
[Category(TestData.RealData)]
public sealed class KodakReportTests
{
    private static readonly TemporaryFolder s_folder = new();
    private static readonly Lazy<Task<Uri>> s_report = new(EvaluateAsync);

    [OneTimeTearDown]
    public void TearDown() => s_folder.Dispose();

    [Test]
    public async Task Fifty_tasks_on_photographs_make_a_page_that_draws_sorts_and_slides_within_five_mebibytes([Values(1280, 390)] int width)
    {
        Uri report = await s_report.Value;
        await using WatchedPage watched = await Browser.OpenAsync(width);
        await watched.Page.GotoAsync(report.AbsoluteUri);

        Assert.That(new FileInfo(report.LocalPath).Length, Is.LessThan(5 << 20));
        Assert.That(await watched.Page.Locator("#tasks tbody tr").CountAsync(), Is.EqualTo(50));
        Assert.That(await watched.Page.Locator("svg.chart .point").CountAsync(), Is.GreaterThanOrEqualTo(2));
        Assert.That(await watched.Page.Locator("#failures .gallery img").CountAsync(), Is.GreaterThan(0));
        foreach (IElementHandle picture in await watched.Page.QuerySelectorAllAsync("img:not([hidden])"))
            Assert.That(await picture.EvaluateAsync<bool>("e => e.complete && e.naturalWidth > 0"), Is.True);
        await watched.Page.Locator("#tasks thead th").Nth(2).Locator("button").ClickAsync();
        Assert.That(await watched.Page.Locator("#tasks thead th").Nth(2).GetAttributeAsync("aria-sort"), Is.EqualTo("descending"));
        ILocator range = watched.Page.Locator("figure.compare input[type=range]").First;
        await range.FocusAsync();
        await watched.Page.Keyboard.PressAsync("ArrowRight");
        Assert.That(await range.InputValueAsync(), Is.EqualTo("51"));
        Assert.That(await watched.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"), Is.LessThanOrEqualTo(width));
        await watched.ScreenshotAsync($"report-kodak-{width}", whole: true);
        Assert.That(watched.Complaints, Is.Empty);
        Assert.That(watched.Requests, Is.EqualTo([report.AbsoluteUri]));
    }

    private static async Task<Uri> EvaluateAsync()
    {
        using var error = new StringWriter();
        string[] arguments =
        [
            "evaluate", "--images", TestData.Shared("data", "kodak"), "--limit", "1", "--tasks", "representative", "--restorer", "gaussian,median", "--metrics", "psnr,under,over,detail,sharpness",
            "--output", s_folder["out"],
        ];
        int code = await GirTool.RunAsync(arguments, new Terminal(() => Stream.Null, () => Stream.Null, TextWriter.Null, error));
        Assert.That(code, Is.Zero, error.ToString());
        return new Uri(Path.Combine(s_folder["out"], "report.html"));
    }
}
