using System.Text;
using Gir.Cli.Degrade;
using Gir.Cli.Shell;
using Microsoft.AspNetCore.Http;

namespace Gir.Cli.Serve;

/// <summary>The page's requests: five things to read, and one kind of work.</summary>
/// <param name="workbench">Does the work.</param>
/// <param name="isLoopback">Whether only this machine is served.</param>
internal sealed class WorkbenchServer(Workbench workbench, bool isLoopback)
{
    /// <summary>The largest file that is taken, in bytes.</summary>
    public const long LargestUpload = 32 << 20;

    private const int MostWaiting = 4;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private int _waiting;

    public async Task HandleAsync(HttpContext context)
    {
        HttpResponse response = context.Response;
        response.Headers.ContentSecurityPolicy =
            "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "no-store";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
        if (RequestGuard.Refusal(context.Request, isLoopback) is { } refusal)
        {
            await SayAsync(response, StatusCodes.Status403Forbidden, refusal);
            return;
        }

        await ((context.Request.Method, context.Request.Path.Value) switch
        {
            ("GET", "/") => TextAsync(response, "text/html", ServePage.Html(workbench.Models)),
            ("GET", "/page.css") => TextAsync(response, "text/css", ServePage.Style),
            ("GET", "/page.js") => TextAsync(response, "text/javascript", ServePage.Script),
            ("GET", "/operators.json") => TextAsync(response, "application/json", Operators()),
            ("GET", "/sample.png") => BytesAsync(response, "image/png", workbench.Sample),
            ("POST", "/work") => WorkAsync(context),
            _ => SayAsync(response, StatusCodes.Status404NotFound, "There is no such page."),
        });
    }

    private async Task WorkAsync(HttpContext context)
    {
        HttpResponse response = context.Response;
        CancellationToken gone = context.RequestAborted;
        int waiting = Interlocked.Increment(ref _waiting);
        try
        {
            if (waiting > MostWaiting)
            {
                await SayAsync(response, StatusCodes.Status503ServiceUnavailable, "Too many requests at a time.");
                return;
            }

            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, gone);
            WorkRequest request = WorkRequest.Of(context.Request.Query, body.ToArray());
            await TextAsync(response, "application/json", await InTurnAsync(request, gone));
        }
        catch (BadHttpRequestException e)
        {
            string what = e.StatusCode == StatusCodes.Status413PayloadTooLarge ? $"The file is larger than {LargestUpload >> 20} MiB." : Failures.OneLine(e.Message);
            await SayAsync(response, e.StatusCode, what);
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            // Nobody waits for the answer any more.
        }
        catch (Exception e) when (e is ArgumentException || Failures.IsExpected(Failures.Root(e)))
        {
            await SayAsync(response, StatusCodes.Status400BadRequest, Failures.OneLine(Failures.Root(e).Message));
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>One piece of work at a time has all threads.</summary>
    private async Task<string> InTurnAsync(WorkRequest request, CancellationToken gone)
    {
        await _turn.WaitAsync(gone);
        try
        {
            return await Task.Run(() => workbench.Work(request, gone).ToJson(), gone);
        }
        finally
        {
            _turn.Release();
        }
    }

    private static string Operators()
    {
        using var text = new StringWriter();
        OperatorList.PrintJson(text);
        return text.ToString();
    }

    private static Task SayAsync(HttpResponse response, int status, string text)
    {
        response.StatusCode = status;
        return TextAsync(response, "text/plain", text);
    }

    private static Task TextAsync(HttpResponse response, string type, string text) => BytesAsync(response, type + "; charset=utf-8", Encoding.UTF8.GetBytes(text));

    private static async Task BytesAsync(HttpResponse response, string type, byte[] content)
    {
        response.ContentType = type;
        response.ContentLength = content.Length;
        await response.Body.WriteAsync(content);
    }
}
