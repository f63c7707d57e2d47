using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Gir.Imaging.Codecs;

namespace Gir.Cli.Tests;

/// <summary>What "gir serve" answers, to its page and to others.</summary>
public sealed class ServeTests
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false });
    private ServedTool _served = null!;

    [OneTimeSetUp]
    public async Task Start() => _served = await ServedTool.StartAsync("--model", "median,median(size=5),identity", "--side", "160");

    [OneTimeTearDown]
    public async Task Stop()
    {
        _client.Dispose();
        Assert.That(await _served.StopAsync(), Is.Zero);
        await _served.DisposeAsync();
    }

    [TestCase("evil.example", null, null, HttpStatusCode.Forbidden, TestName = "Another name of this machine (DNS rebinding) is refused")]
    [TestCase("192.0.2.1", null, null, HttpStatusCode.Forbidden, TestName = "Another address is refused")]
    [TestCase("[::1]", null, null, HttpStatusCode.OK, TestName = "The loopback's other address is let in")]
    [TestCase(null, "http://evil.example", null, HttpStatusCode.Forbidden, TestName = "Another origin is refused")]
    [TestCase(null, "http://localhost:1", null, HttpStatusCode.Forbidden, TestName = "Another server of this machine is refused")]
    [TestCase(null, "null", null, HttpStatusCode.Forbidden, TestName = "An origin that hides is refused")]
    [TestCase(null, null, "cross-site", HttpStatusCode.Forbidden, TestName = "Another site is refused")]
    [TestCase(null, null, "same-origin", HttpStatusCode.OK, TestName = "The page itself is let in")]
    public async Task Only_the_page_itself_may_ask(string? host, string? origin, string? site, HttpStatusCode expected)
    {
        using HttpRequestMessage request = Work("");
        request.Headers.Host = host;
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        if (site is not null)
            request.Headers.Add("Sec-Fetch-Site", site);
        using HttpResponseMessage answer = await _client.SendAsync(request);

        Assert.That(answer.StatusCode, Is.EqualTo(expected));
        Assert.That(answer.Headers.Contains("Access-Control-Allow-Origin"), Is.False);
    }

    [Test]
    public async Task A_request_without_the_pages_header_is_refused()
    {
        using HttpRequestMessage request = Work("");
        request.Headers.Remove("X-Gir");
        using HttpResponseMessage answer = await _client.SendAsync(request);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [TestCase("")]
    [TestCase("page.js")]
    [TestCase("operators.json")]
    [TestCase("nothing")]
    public async Task Every_answer_forbids_what_it_does_not_need(string path)
    {
        using HttpResponseMessage answer = await _client.GetAsync(new Uri(_served.Address, path));
        string policy = answer.Headers.GetValues("Content-Security-Policy").Single();

        Assert.That(policy, Does.StartWith("default-src 'none'").And.Not.Contain("unsafe"));
        Assert.That(answer.Headers.GetValues("X-Content-Type-Options").Single(), Is.EqualTo("nosniff"));
        Assert.That(answer.Headers.CacheControl!.NoStore, Is.True);
        Assert.That(answer.StatusCode, Is.EqualTo(path == "nothing" ? HttpStatusCode.NotFound : HttpStatusCode.OK));
    }

    [TestCase("&model=/etc/passwd", "is not one of those offered")]
    [TestCase("&model=gaussian", "is not one of those offered")]
    [TestCase("&pipeline=blurr", "blur")]
    [TestCase("&pipeline=blur(sigma=9999)", "sigma")]
    [TestCase("&seed=-1", "seed")]
    public async Task What_cannot_be_done_is_told_in_a_line(string more, string expected)
    {
        using HttpRequestMessage request = Work(more);
        using HttpResponseMessage answer = await _client.SendAsync(request);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain(expected).And.Not.Contain("\n"));
    }

    [TestCase("../x.png")]
    [TestCase("..")]
    [TestCase("a\nb.png")]
    [TestCase("")]
    public async Task A_name_with_a_way_in_it_is_refused(string name)
    {
        using HttpRequestMessage request = Work("&name=" + Uri.EscapeDataString(name), ImageFile.Encode(Images.Gradient(16, 16, 3)));
        using HttpResponseMessage answer = await _client.SendAsync(request);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.StartWith("name"));
    }

    [Test]
    public async Task A_file_that_is_no_image_and_one_that_is_too_large_are_refused()
    {
        using HttpRequestMessage none = Work("&name=x.png", "hello"u8.ToArray());
        using HttpResponseMessage answer = await _client.SendAsync(none);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));

        using HttpRequestMessage large = Work("&name=x.png", new byte[(32 << 20) + 1]);
        large.Headers.ExpectContinue = true;
        using HttpResponseMessage refused = await _client.SendAsync(large);
        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
        Assert.That(await refused.Content.ReadAsStringAsync(), Does.Contain("32 MiB"));
    }

    [Test]
    public async Task The_commands_repeat_what_the_page_shows()
    {
        using var folder = new TemporaryFolder();
        // Small enough not to be reduced, and with a name that a shell would take apart.
        const string name = "it's 1.png";
        ImageFile.Save(folder[name], Images.Gradient(90, 120, 3));
        JsonElement answer = await Ask("&pipeline=blur %2B noise(sigma=30)&seed=3&model=median(size=5)&name=" + Uri.EscapeDataString(name), File.ReadAllBytes(folder[name]));
        string[] commands = answer.GetProperty("commands").GetString()!.Split('\n');

        Assert.That(commands, Has.Length.EqualTo(3));
        string result = "";
        foreach (string command in commands)
        {
            ToolResult ran = Tool.Run([.. Words(command).Skip(1).Select(w => w.EndsWith(".png", StringComparison.Ordinal) || w == "degraded" ? folder[w] : w)]);
            Assert.That(ran.ExitCode, Is.Zero, $"{command}: {ran.Error}");
            result = ran.Output;
        }

        string psnr = answer.GetProperty("scores")[1].GetProperty("psnr").GetString()!;
        Assert.That(double.Parse(psnr, CultureInfo.InvariantCulture), Is.InRange(10, 40));
        Assert.That(result, Does.Contain(psnr));
    }

    [Test]
    public async Task The_same_request_gives_the_same_answer_with_a_score_for_each_picture()
    {
        JsonElement first = await Ask("&pipeline=noise&model=median");
        JsonElement second = await Ask("&pipeline=noise&model=median");

        Assert.That(second.GetRawText(), Is.EqualTo(first.GetRawText()));
        Assert.That(first.GetProperty("scores").GetArrayLength(), Is.EqualTo(2));
        Assert.That(first.GetProperty("remark").GetString(), Does.StartWith("reduced to 160 x 106 pixels of 480 x 320"));
        Assert.That(first.GetProperty("steps")[0].GetProperty("values").GetProperty("sigma").GetString(), Is.Not.Empty);
    }

    [TestCase("--port", "70000", "--port 70000")]
    [TestCase("--side", "10", "--side 10")]
    [TestCase("--listen", "everywhere", "--listen everywhere")]
    [TestCase("--model", "nobody", "--model nobody")]
    public void A_mistake_is_told_before_anything_is_served(string option, string value, string expected)
    {
        ToolResult result = Tool.Run("serve", option, value);
        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Error, Does.Contain(expected));
    }

    [Test]
    public void A_port_that_is_taken_is_told()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        ToolResult result = Tool.Run("serve", "--model", "identity", "--port", ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture));
        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Error, Does.Contain("--port 0"));
    }

    private async Task<JsonElement> Ask(string more, byte[]? file = null)
    {
        using HttpRequestMessage request = Work(more, file);
        using HttpResponseMessage answer = await _client.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK), text);
        return JsonDocument.Parse(text).RootElement;
    }

    private HttpRequestMessage Work(string more, byte[]? file = null)
    {
        string seed = more.Contains("seed=", StringComparison.Ordinal) ? "" : "&seed=0";
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_served.Address, $"work?{(seed + more).TrimStart('&')}")) { Content = new ByteArrayContent(file ?? []) };
        request.Headers.Add("X-Gir", "1");
        return request;
    }

    /// <summary>The words of a command line, as a POSIX shell takes them apart.</summary>
    private static List<string> Words(string command)
    {
        var words = new List<string> { "" };
        bool isQuoted = false;
        for (int i = 0; i < command.Length; i++)
        {
            if (command[i] == '\'')
                isQuoted = !isQuoted;
            else if (!isQuoted && command[i] == ' ')
                words.Add("");
            else
                words[^1] += !isQuoted && command[i] == '\\' ? command[++i] : command[i];
        }

        return words;
    }
}
