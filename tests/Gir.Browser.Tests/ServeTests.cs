using Gir.Cli.Tests;
using Gir.Imaging.Codecs;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Gir.Browser.Tests;

/// <summary>The page of "gir serve" as a user has it before them.</summary>
public sealed class ServeTests
{
    private static readonly LocatorAssertionsToHaveTextOptions s_patience = new() { Timeout = 60_000 };

    private ServedTool _served = null!;

    [OneTimeSetUp]
    public async Task Start() => _served = await ServedTool.StartAsync("--model", "median,gaussian,gir-v1", "--side", "160");

    [OneTimeTearDown]
    public async Task Stop() => await _served.DisposeAsync();

    [Test]
    public async Task A_degradation_is_composed_restored_measured_and_told_as_commands()
    {
        await using WatchedPage watched = await OpenAsync();
        IPage page = watched.Page;
        await Expect(page.Locator("#steps li")).ToHaveCountAsync(2);

        await page.Locator("#operator").SelectOptionAsync("damage");
        await page.Locator("#add").ClickAsync();
        await page.Locator("#steps li").Nth(1).Locator("summary").ClickAsync();
        await page.Locator("#p1-sigma").FillAsync("30");
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove blur, step 1" }).ClickAsync();
        await page.Locator("#model").SelectOptionAsync("gir-v1");
        await Expect(page.Locator("#scores tbody tr")).ToHaveCountAsync(2, new() { Timeout = 60_000 });
        await DoneAsync(page);

        string commands = (await page.Locator("#commands").TextContentAsync())!;
        Assert.That(commands, Does.StartWith("gir degrade --input sample.png --output degraded --pipeline 'noise(sigma=30) + damage' --seed 0\n"));
        Assert.That(commands, Does.Contain("gir restore --input degraded/sample.png --output restored/sample.png --model gir-v1\n"));
        string[] psnr = [.. await page.Locator("#scores tbody td:nth-child(2)").AllTextContentsAsync()];
        Assert.That(Number(psnr[1]), Is.GreaterThan(Number(psnr[0]) + 1), "gir-v1 removes noise and lines");
        await page.Locator(".controls input[type=range]").FocusAsync();
        await page.Keyboard.PressAsync("ArrowLeft");
        Assert.That(await page.Locator(".controls input[type=range]").InputValueAsync(), Is.EqualTo("49"));
        await watched.ScreenshotAsync("serve", whole: true);
        Assert.That(watched.Complaints, Is.Empty);
        Assert.That(watched.Requests, Has.All.StartsWith(_served.Address.AbsoluteUri));
    }

    [Test]
    public async Task A_parameter_follows_its_slider_and_the_picture_follows_it()
    {
        await using WatchedPage watched = await OpenAsync();
        IPage page = watched.Page;
        string before = (await page.Locator("#degraded").GetAttributeAsync("src"))!;
        await page.Locator("#steps li").Nth(1).Locator("summary").ClickAsync();
        ILocator slider = page.Locator("#steps li").Nth(1).Locator("input[type=range]").First;
        await slider.FocusAsync();
        for (int i = 0; i < 20; i++)
            await page.Keyboard.PressAsync("ArrowRight");
        await DoneAsync(page);

        string sigma = await page.Locator("#p1-sigma").InputValueAsync();
        Assert.That(await page.Locator("#pipeline").InputValueAsync(), Is.EqualTo($"blur + noise(sigma={sigma})"));
        Assert.That(await page.Locator("#degraded").GetAttributeAsync("src"), Is.Not.EqualTo(before));
        Assert.That(watched.Complaints, Is.Empty);
    }

    [Test]
    public async Task A_task_of_the_benchmark_and_typed_text_become_steps()
    {
        await using WatchedPage watched = await OpenAsync();
        IPage page = watched.Page;
        await page.Locator("#task").SelectOptionAsync(new SelectOptionValue { Index = 50 });
        await DoneAsync(page);
        int steps = (await page.Locator("#pipeline").InputValueAsync()).Split(" + ").Length;
        await Expect(page.Locator("#steps li")).ToHaveCountAsync(steps);

        await page.Locator("#pipeline").FillAsync("rain + noise(sigma=12)");
        await DoneAsync(page);
        await Expect(page.Locator("#steps li")).ToHaveCountAsync(2);
        Assert.That(await page.Locator("#p1-sigma").InputValueAsync(), Is.EqualTo("12"));
        Assert.That(await page.Locator("#task").InputValueAsync(), Is.Empty);
        Assert.That(watched.Complaints, Is.Empty);
    }

    [Test]
    public async Task An_image_of_the_users_own_is_taken_and_a_mistake_is_told()
    {
        using var folder = new TemporaryFolder();
        string hostile = folder["<img src=x onerror=alert(1)>.png"];
        ImageFile.Save(hostile, Images.Gradient(64, 80, 3));
        await using WatchedPage watched = await OpenAsync(390, 844, ColorScheme.Dark);
        IPage page = watched.Page;
        await page.Locator("#file").SetInputFilesAsync(hostile);
        await Expect(page.Locator("#status")).ToContainTextAsync("80 x 64");
        Assert.That(await page.Locator("#commands").TextContentAsync(), Does.Contain("'<img src=x onerror=alert(1)>.png'"));
        Assert.That(await page.EvaluateAsync<int>("document.documentElement.scrollWidth"), Is.LessThanOrEqualTo(390));
        await page.Locator("#steps li").Nth(1).Locator("summary").ClickAsync();
        await watched.ScreenshotAsync("serve-phone", whole: true);
        Assert.That(watched.Complaints, Is.Empty);

        await page.Locator("#pipeline").FillAsync("blurr");
        await Expect(page.Locator("#status")).ToHaveClassAsync("error");
        Assert.That(await page.Locator("#status").TextContentAsync(), Does.Contain("blurr").And.Contain("blur"));
    }

    [Test]
    public async Task What_can_be_used_has_a_name()
    {
        await using WatchedPage watched = await OpenAsync();
        string[] nameless = await watched.Page.EvaluateAsync<string[]>(WatchedPage.Nameless);
        string[] ids = await watched.Page.EvaluateAsync<string[]>("[...document.querySelectorAll('[id]')].map(e => e.id)");

        Assert.That(nameless, Is.Empty);
        Assert.That(ids, Is.Unique);
    }

    private async Task<WatchedPage> OpenAsync(int width = 1280, int height = 900, ColorScheme scheme = ColorScheme.Light)
    {
        WatchedPage watched = await Browser.OpenAsync(width, height, scheme);
        await watched.Page.GotoAsync(_served.Address.AbsoluteUri);
        await DoneAsync(watched.Page);
        return watched;
    }

    private static Task DoneAsync(IPage page) => Expect(page.Locator("#status")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^Done"), s_patience);

    private static double Number(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
