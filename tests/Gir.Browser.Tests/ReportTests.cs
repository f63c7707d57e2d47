using Gir.Cli;
using Gir.Cli.Shell;
using Gir.Imaging.Codecs;
using Microsoft.Playwright;

namespace Gir.Browser.Tests;

/// <summary>report.html as a reader has it before them.</summary>
public sealed class ReportTests
{
    // An image's name that would run a script, or load one, wherever it were not escaped.
    private const string Hostile = "<script>alert(1)</script><img src=x onerror=alert(2)>&\"'";

    private TemporaryFolder _folder = null!;

    private Uri Report => new(Path.Combine(_folder["out"], "report.html"));

    [OneTimeSetUp]
    public async Task Evaluate()
    {
        _folder = new TemporaryFolder();
        string plain = Path.Combine(_folder["images"], "plain", "plain.png");
        string hostile = Path.Combine(_folder["images"], "other", Hostile.Replace('/', '\u2215') + ".png"); // '/' cannot stand in a file's name
        foreach (string file in (string[])[plain, hostile])
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        ImageFile.Save(plain, Images.Gradient(96, 128, 1));
        ImageFile.Save(hostile, Images.Gradient(96, 128, 2));
        string sweep = Path.Combine(_folder["out"], "panels", "sweep of blur");
        Directory.CreateDirectory(sweep);
        string csv = await RunAsync("sweep", "blur.sigma=1,2,3", "--images", plain, "--restorer", "median,unsharp", "--metrics", "psnr,ssim", "--format", "csv", "--chart", Path.Combine(sweep, "curves.svg"));
        File.WriteAllText(Path.Combine(sweep, "means.csv"), csv);
        File.WriteAllText(Path.Combine(sweep, "about.txt"), Hostile);
        File.Copy(plain, Path.Combine(sweep, "map.png"));
        await RunAsync(
            "evaluate", "--images", _folder["images"], "--categories", "--tasks", "1-14,40-43", "--restorer", "median,gaussian,identity,unsharp,inpainting", "--metrics", "psnr,ssim,under,over,detail,sharpness",
            "--cost", "--output", _folder["out"]);
    }

    private static async Task<string> RunAsync(params string[] arguments)
    {
        using var error = new StringWriter();
        using var output = new StringWriter();
        int code = await GirTool.RunAsync(arguments, new Terminal(() => Stream.Null, () => Stream.Null, output, error));
        Assert.That(code, Is.Zero, error.ToString());
        return output.ToString();
    }

    [OneTimeTearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public async Task It_draws_its_charts_asks_for_nothing_and_complains_of_nothing()
    {
        await using WatchedPage watched = await Browser.OpenAsync();
        await watched.Page.GotoAsync(Report.AbsoluteUri);

        Assert.That(await watched.Page.Locator("svg.chart .point").CountAsync(), Is.GreaterThanOrEqualTo(4));
        Assert.That(await watched.Page.Locator("#summary tbody tr").CountAsync(), Is.EqualTo(6), "the input and five restorers");
        Assert.That(await watched.Page.Locator("#tasks tbody tr").CountAsync(), Is.EqualTo(18));
        Assert.That(await watched.Page.Locator("#failures svg.chart").CountAsync(), Is.EqualTo(7), "the plane, and three restorers' histograms of detail and of sharpness");
        foreach (IElementHandle picture in await watched.Page.QuerySelectorAllAsync("img:not([hidden])"))
            Assert.That(await picture.EvaluateAsync<bool>("e => e.complete && e.naturalWidth > 0"), Is.True);
        Assert.That(new FileInfo(Report.LocalPath).Length, Is.LessThan(5 << 20));
        await watched.ScreenshotAsync("report", whole: true);
        Assert.That(watched.Complaints, Is.Empty);
        Assert.That(watched.Requests, Is.EqualTo([Report.AbsoluteUri]));
    }

    [Test]
    public async Task Panels_costs_and_categories_stand_where_there_are_any()
    {
        await using WatchedPage watched = await Browser.OpenAsync();
        await watched.Page.GotoAsync(Report.AbsoluteUri);

        Assert.That(await watched.Page.Locator("#cost svg.chart .point").CountAsync(), Is.EqualTo(5));
        Assert.That(await watched.Page.Locator("#cost tbody tr").CountAsync(), Is.EqualTo(5));
        Assert.That(await watched.Page.Locator("#panels h3").AllTextContentsAsync(), Is.EqualTo(["sweep of blur", "sweep of blur: means"]));
        Assert.That(await watched.Page.Locator("#panels .told").TextContentAsync(), Does.Contain("<script>alert(1)"));
        Assert.That(await watched.Page.Locator("#panels tbody tr").CountAsync(), Is.EqualTo(18), "three values, the input and two restorers, two metrics");
        foreach (IElementHandle picture in await watched.Page.QuerySelectorAllAsync("#panels img"))
            Assert.That(await picture.EvaluateAsync<bool>("e => e.complete && e.naturalWidth > 0"), Is.True);
        ILocator categories = watched.Page.Locator("#subsets .scroll", new() { HasText = "By category" });
        Assert.That(await categories.Locator("thead th button").AllTextContentsAsync(), Is.EqualTo(["restorer", "other", "plain"]));
        foreach (string part in (string[])["cost", "panels", "subsets"])
            await watched.Page.Locator("#" + part).ScreenshotAsync(new LocatorScreenshotOptions { Path = Path.Combine(Browser.Screenshots, $"report-{part}.png") });
        Assert.That(watched.Complaints, Is.Empty);
    }

    [Test]
    public async Task Who_changes_most_images_not_at_all_is_not_the_most_general()
    {
        await using WatchedPage watched = await Browser.OpenAsync();
        await watched.Page.GotoAsync(Report.AbsoluteUri);
        string[] ranked = [.. await watched.Page.Locator("#summary tbody th[scope=row]").AllTextContentsAsync()];
        string[] rates = [.. await watched.Page.Locator("#summary tbody td.rate:nth-child(3) > span").AllTextContentsAsync()];

        Assert.That(ranked[0], Is.EqualTo("(degraded input)"));
        Assert.That(ranked[^1], Is.EqualTo("identity"));
        Assert.That(rates[Array.IndexOf(ranked, "inpainting")], Is.EqualTo("100 %"), "it fills what is damaged and leaves the rest alone");
        Assert.That(ranked[1], Is.Not.EqualTo("inpainting"));
        Assert.That(await watched.Page.Locator(".card .big").First.TextContentAsync(), Is.EqualTo(ranked[1]));
        Assert.That(await watched.Page.Locator("#summary").TextContentAsync(), Does.Contain("Ranked by AR, then ER, then mean margin"));
    }

    [Test]
    public async Task The_best_of_each_task_is_shown_first()
    {
        await using WatchedPage watched = await Browser.OpenAsync();
        await watched.Page.GotoAsync(Report.AbsoluteUri);
        string[] names = [.. await watched.Page.Locator("#tasks thead th button").AllTextContentsAsync()];
        IReadOnlyList<ILocator> figures = await watched.Page.Locator("figure.compare").AllAsync();

        Assert.That(figures, Has.Count.EqualTo(6));
        foreach (ILocator figure in figures)
        {
            string task = (await figure.Locator("h3").TextContentAsync())!.Split(':')[0]["Task ".Length..];
            ILocator row = watched.Page.Locator($"#tasks tbody tr:has(th b:text-is('{task}'))");
            int[] best = await row.EvaluateAsync<int[]>("r => [...r.cells].map((c, i) => c.classList.contains('best') ? i : -1).filter(i => i >= 0)");
            string shown = (await figure.Locator("select").Nth(1).EvaluateAsync<string>("s => s.selectedOptions[0].textContent")).Split(',')[0];
            Assert.That(best.Select(i => names[i]), Does.Contain(shown), $"task {task}");
        }
    }

    [TestCase(1280)]
    [TestCase(390)]
    public async Task No_word_of_a_chart_is_cut_off(int width)
    {
        await using WatchedPage watched = await Browser.OpenAsync(width);
        await watched.Page.GotoAsync(Report.AbsoluteUri);
        string[] cut = await watched.Page.EvaluateAsync<string[]>(
            """
            [...document.querySelectorAll('svg.chart text, svg.chart circle')].filter(e => {
                const [a, b] = [e.getBoundingClientRect(), e.ownerSVGElement.getBoundingClientRect()];
                return a.left < b.left - 0.5 || a.right > b.right + 0.5 || a.top < b.top - 0.5 || a.bottom > b.bottom + 0.5;
            }).map(e => e.outerHTML)
            """);
        double[] sizes = await watched.Page.EvaluateAsync<double[]>(
            "[...document.querySelectorAll('svg.chart .tick')].map(t => parseFloat(getComputedStyle(t).fontSize) * t.ownerSVGElement.getBoundingClientRect().width / t.ownerSVGElement.viewBox.baseVal.width)");

        Assert.That(cut, Is.Empty);
        Assert.That(sizes, Has.All.GreaterThanOrEqualTo(8.5), "in pixels: small, and still to be read");
    }

    [Test]
    public async Task A_name_is_text_wherever_it_stands()
    {
        await using WatchedPage watched = await Browser.OpenAsync();
        bool asked = false;
        watched.Page.Dialog += (_, dialog) =>
        {
            asked = true;
            _ = dialog.DismissAsync();
        };
        await watched.Page.GotoAsync(Report.AbsoluteUri);

        Assert.That(asked, Is.False);
        Assert.That(await watched.Page.Locator("script").CountAsync(), Is.EqualTo(1), "the page's own");
        Assert.That(await watched.Page.Locator("img[src=x]").CountAsync(), Is.Zero);
        Assert.That(await watched.Page.Locator("#settings").TextContentAsync(), Does.Contain("<script>alert(1)"));
        Assert.That(File.ReadAllText(Path.Combine(_folder["out"], "report.md")), Does.Not.Contain("<script"));
    }

    [Test]
    public async Task Names_of_columns_sort_by_mouse_and_keyboard()
    {
        await using WatchedPage watched = await Browser.OpenAsync();
        await watched.Page.GotoAsync(Report.AbsoluteUri);
        ILocator head = watched.Page.Locator("#tasks thead th").Nth(2);
        ILocator cells = watched.Page.Locator("#tasks tbody tr td:nth-child(3)");

        await head.Locator("button").ClickAsync();
        Assert.That(await head.GetAttributeAsync("aria-sort"), Is.EqualTo("descending"));
        Assert.That(Values(await cells.AllTextContentsAsync()), Is.Ordered.Descending);
        await head.Locator("button").FocusAsync();
        await watched.Page.Keyboard.PressAsync("Enter");
        Assert.That(await head.GetAttributeAsync("aria-sort"), Is.EqualTo("ascending"));
        Assert.That(Values(await cells.AllTextContentsAsync()), Is.Ordered.Ascending);
        Assert.That(watched.Complaints, Is.Empty);
    }

    [Test]
    public async Task The_slider_moves_by_mouse_and_keyboard_and_the_pictures_can_be_chosen()
    {
        await using WatchedPage watched = await Browser.OpenAsync();
        await watched.Page.GotoAsync(Report.AbsoluteUri);
        ILocator figure = watched.Page.Locator("figure.compare").First;
        ILocator range = figure.Locator("input[type=range]");
        await figure.ScrollIntoViewIfNeededAsync();

        await range.FocusAsync();
        await watched.Page.Keyboard.PressAsync("ArrowRight");
        Assert.That(await range.InputValueAsync(), Is.EqualTo("51"));
        LocatorBoundingBoxResult box = (await figure.Locator(".stage").BoundingBoxAsync())!;
        await watched.Page.Mouse.MoveAsync(box.X + (box.Width / 2), box.Y + (box.Height / 2));
        await watched.Page.Mouse.DownAsync();
        await watched.Page.Mouse.MoveAsync(box.X + (box.Width / 5), box.Y + (box.Height / 2));
        await watched.Page.Mouse.UpAsync();
        Assert.That(double.Parse(await range.InputValueAsync(), System.Globalization.CultureInfo.InvariantCulture), Is.EqualTo(20).Within(2));
        Assert.That(await figure.Locator(".left").EvaluateAsync<string>("e => getComputedStyle(e).clipPath"), Does.Contain("inset"));
        ILocator right = figure.Locator("select").Nth(1);
        await right.SelectOptionAsync("4");
        Assert.That(await figure.Locator("img:not([hidden]):not(.left)").GetAttributeAsync("alt"), Is.EqualTo("clean"));
        await watched.ScreenshotAsync("report-slider");
        Assert.That(watched.Complaints, Is.Empty);
    }

    [Test]
    public async Task Failure_signs_tell_the_blurring_restorer_from_the_sharpening_one()
    {
        await using WatchedPage watched = await Browser.OpenAsync();
        await watched.Page.GotoAsync(Report.AbsoluteUri);
        async Task<(double Under, double Over, double Shares)> Of(string name)
        {
            ILocator row = watched.Page.Locator("#failures .scroll").First.Locator("tbody tr", new() { HasText = name });
            double[] numbers = Values([.. (await row.Locator("td").AllTextContentsAsync()).Select(c => c.Replace(" %", "").Replace('\u2212', '-'))]);
            return (numbers[1], numbers[2], numbers[5..].Sum());
        }

        (double Under, double Over, double Shares) gaussian = await Of("gaussian");
        (double Under, double Over, double Shares) unsharp = await Of("unsharp");
        Assert.That(gaussian.Under, Is.GreaterThan(unsharp.Under + 0.1));
        Assert.That(unsharp.Over, Is.GreaterThan(gaussian.Over + 0.1));
        Assert.That(gaussian.Shares, Is.EqualTo(100).Within(2));
        Assert.That(await watched.Page.Locator("#failures .gallery img").CountAsync(), Is.GreaterThanOrEqualTo(8));
        await watched.Page.Locator("#failures").ScreenshotAsync(new LocatorScreenshotOptions { Path = Path.Combine(Browser.Screenshots, "report-failures.png") });
    }

    [Test]
    public async Task It_is_dark_where_the_system_is_and_where_the_reader_wants_it()
    {
        await using WatchedPage watched = await Browser.OpenAsync(scheme: ColorScheme.Dark);
        await watched.Page.GotoAsync(Report.AbsoluteUri);
        Task<string> Back() => watched.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");

        string dark = await Back();
        await watched.ScreenshotAsync("report-dark", whole: true);
        await watched.Page.Locator("#theme").ClickAsync();
        string light = await Back();
        Assert.That(dark, Is.EqualTo("rgb(18, 22, 29)"));
        Assert.That(light, Is.EqualTo("rgb(247, 248, 250)"));
        Assert.That(watched.Complaints, Is.Empty);
    }

    [Test]
    public async Task On_a_phone_nothing_is_wider_than_the_page()
    {
        await using WatchedPage watched = await Browser.OpenAsync(390, 844);
        await watched.Page.GotoAsync(Report.AbsoluteUri);

        Assert.That(await watched.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"), Is.LessThanOrEqualTo(390));
        string[] stuck = await watched.Page.EvaluateAsync<string[]>(
            """
            [...document.querySelectorAll('.scroll')].filter(s => s.getBoundingClientRect().height > 0 && s.scrollWidth > s.clientWidth).filter(s => {
                s.scrollLeft = s.scrollWidth;
                const [box, row] = [s.getBoundingClientRect(), s.querySelector('tbody tr:last-child')];
                const [name, last] = [row.querySelector('th').getBoundingClientRect(), row.cells[row.cells.length - 1].getBoundingClientRect()];
                return last.right > box.right + 1 || name.left < box.left - 1 || name.right > last.left + 1;
            }).map(s => s.getAttribute('aria-label'))
            """);
        Assert.That(stuck, Is.Empty, "wide tables scroll to their last column, and their rows' names stay");
        double[] widths = await watched.Page.EvaluateAsync<double[]>("[...document.querySelectorAll('#summary th[scope=row], #subsets th[scope=row], #tasks th[scope=row]')].map(h => h.getBoundingClientRect().width)");
        Assert.That(widths, Has.All.InRange(90, 390 / 2), "room for a name, and for what stands beside it");
        Assert.That(await watched.Page.Locator(".card .big").First.EvaluateAsync<bool>("e => e.getClientRects().length === 1 && e.getBoundingClientRect().height < 45"), Is.True, "a name in one line");
        await watched.Page.ReloadAsync();
        await watched.ScreenshotAsync("report-phone", whole: true);
        await watched.Page.Locator("#summary").ScreenshotAsync(new LocatorScreenshotOptions { Path = Path.Combine(Browser.Screenshots, "report-phone-summary.png") });
    }

    [Test]
    public async Task Without_scripts_everything_is_there_to_read()
    {
        await using WatchedPage watched = await Browser.OpenAsync(script: false);
        await watched.Page.GotoAsync(Report.AbsoluteUri);

        Assert.That(await watched.Page.Locator("figure.compare").First.Locator("img").Nth(2).IsVisibleAsync(), Is.True);
        Assert.That(await watched.Page.Locator("#theme").IsVisibleAsync(), Is.False);
    }

    [Test]
    public async Task What_can_be_used_has_a_name_and_headings_do_not_skip()
    {
        await using WatchedPage watched = await Browser.OpenAsync();
        await watched.Page.GotoAsync(Report.AbsoluteUri);
        string[] nameless = await watched.Page.EvaluateAsync<string[]>(WatchedPage.Nameless);
        int[] levels = await watched.Page.EvaluateAsync<int[]>("[...document.querySelectorAll('h1, h2, h3')].map(h => Number(h.tagName[1]))");
        string[] ids = await watched.Page.EvaluateAsync<string[]>("[...document.querySelectorAll('[id]')].map(e => e.id)");

        Assert.That(nameless, Is.Empty);
        Assert.That(levels[0], Is.EqualTo(1));
        Assert.That(levels.Zip(levels.Skip(1)).All(p => p.Second <= p.First + 1), Is.True);
        Assert.That(ids, Is.Unique);
        Assert.That(await watched.Page.Locator("table:not(:has(caption))").CountAsync(), Is.Zero);
    }

    private static double[] Values(IReadOnlyList<string> cells) =>
        [.. cells.Select(c => double.Parse(c, System.Globalization.CultureInfo.InvariantCulture))];
}
