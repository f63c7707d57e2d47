using System.Net;
using Microsoft.AspNetCore.Http;

namespace Gir.Cli.Serve;

/// <summary>Lets only the page itself in: other sites that a browser has open can send requests here as well.</summary>
internal static class RequestGuard
{
    /// <summary>A header that no other site can send without asking first, and asking is refused.</summary>
    public const string OwnHeader = "X-Gir";

    private const string Others = "Requests of other sites are refused.";

    /// <summary>Why a request is refused; null where it is not.</summary>
    /// <param name="request">The request.</param>
    /// <param name="isLoopback">Whether only this machine is served.</param>
    public static string? Refusal(HttpRequest request, bool isLoopback)
    {
        if (!IsOwn(request.Host.Host, isLoopback))
            return "This page is served under an address, not under that name.";
        if (request.Headers.Origin is { Count: > 0 } origin && origin != $"http://{request.Host.Value}")
            return Others;
        if (request.Headers["Sec-Fetch-Site"] is { Count: > 0 } site && site != "same-origin" && !(site == "none" && HttpMethods.IsGet(request.Method)) && !IsNavigation(request))
            return Others;
        return HttpMethods.IsPost(request.Method) && request.Headers[OwnHeader] != "1" ? "Expected a request of the page." : null;
    }

    // A name of another site that was made to lead here (DNS rebinding) shows in the host; an address cannot be made to lead elsewhere.
    private static bool IsOwn(string host, bool isLoopback) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out IPAddress? address) && (!isLoopback || IPAddress.IsLoopback(address)));

    // A link to the page, on whatever site it stands, may be followed: it only shows the page.
    private static bool IsNavigation(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && request.Path == "/" && request.Headers["Sec-Fetch-Mode"] == "navigate" && request.Headers["Sec-Fetch-Dest"] == "document";
}
