using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Gir.Evaluation.Orleans;

/// <summary>Where a cluster is: how its silos find each other.</summary>
/// <param name="Kind">The kind of membership.</param>
/// <param name="Host">The server that keeps the membership; "127.0.0.1" for a cluster on this machine.</param>
/// <param name="Port">The server's port; for a cluster on this machine, that of its first silo.</param>
/// <param name="Name">The cluster's name: those of several names share a server.</param>
public sealed record ClusterAddress(ClusterKind Kind, string Host, int Port, string Name)
{
    /// <summary>What is accepted, for messages.</summary>
    public const string Expected = "localhost[:PORT] or redis:HOST[:PORT][/NAME]";

    private const int LocalhostPort = 11111;
    private const int RedisPort = 6379;
    private const string DefaultName = "gir";
    private const string RedisPrefix = "redis:";
    private const string Localhost = "localhost";

    /// <summary>Reads an address: "localhost", "localhost:11111", "redis:db.example:6379/gir".</summary>
    /// <param name="text">The address.</param>
    /// <exception cref="FormatException">It is none.</exception>
    public static ClusterAddress Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        FormatException Fault() => new($"'{text}' is no address of a cluster; expected {Expected}.");
        bool isRedis = text.StartsWith(RedisPrefix, StringComparison.Ordinal);
        string rest = isRedis ? text[RedisPrefix.Length..] : text;
        if (isRedis && rest.StartsWith("//", StringComparison.Ordinal))
            rest = rest[2..];
        string name = DefaultName;
        if (isRedis && rest.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash)
        {
            name = rest[(slash + 1)..];
            rest = rest[..slash];
        }

        int colon = rest.LastIndexOf(':');
        string host = colon < 0 ? rest : rest[..colon];
        int port = isRedis ? RedisPort : LocalhostPort;
        if (colon >= 0 && (!int.TryParse(rest[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is < 1 or > 65535))
            throw Fault();
        if (name.Length is 0 or > 64 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') || host.Length == 0 || host.Any(c => char.IsWhiteSpace(c) || c is ',' or '/'))
            throw Fault();
        if (!isRedis && host != Localhost)
            throw Fault();
        return new ClusterAddress(isRedis ? ClusterKind.Redis : ClusterKind.Localhost, isRedis ? host : IPAddress.Loopback.ToString(), port, name);
    }

    /// <summary>The address as <see cref="Parse"/> reads it.</summary>
    public override string ToString() => Kind == ClusterKind.Localhost
        ? FormattableString.Invariant($"{Localhost}:{Port}")
        : FormattableString.Invariant($"{RedisPrefix}{Host}:{Port}/{Name}");

    /// <summary>Two ports for a silo, one for other silos and one for clients; on this machine's cluster the first silo has the address' own.</summary>
    internal (int Silo, int Gateway) FreePorts()
    {
        if (Kind == ClusterKind.Localhost)
        {
            if (IsFree(Port) && IsFree(GatewayPort))
                return (Port, GatewayPort);
        }

        // Both are held until both are known, so that they differ.
        using var first = new TcpListener(IPAddress.Any, 0);
        using var second = new TcpListener(IPAddress.Any, 0);
        first.Start();
        second.Start();
        return (((IPEndPoint)first.LocalEndpoint).Port, ((IPEndPoint)second.LocalEndpoint).Port);
    }

    /// <summary>The port at which the first silo of this machine's cluster waits for clients.</summary>
    internal int GatewayPort => Port + 1 <= 65535 ? Port + 1 : Port - 1;

    /// <summary>The address that other machines reach this one by; loopback where the membership is kept on this machine.</summary>
    internal IPAddress OwnAddress()
    {
        if (Kind == ClusterKind.Localhost || Host is Localhost || (IPAddress.TryParse(Host, out IPAddress? server) && IPAddress.IsLoopback(server)))
            return IPAddress.Loopback;
        return NetworkInterface.GetAllNetworkInterfaces()
            .Where(n => n.OperationalStatus == OperationalStatus.Up && n.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .SelectMany(n => n.GetIPProperties().UnicastAddresses)
            .Select(a => a.Address)
            .FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(a)) ?? IPAddress.Loopback;
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

/// <summary>How silos find each other.</summary>
public enum ClusterKind
{
    /// <summary>On one machine, for development and for several processes on one: the first silo keeps the membership, and its end is the cluster's.</summary>
    Localhost,

    /// <summary>Through a Redis server: any silo may end at any time.</summary>
    Redis,
}
