namespace Gir.Benchmarks.Peers;

/// <summary>A peer cannot be compared with: it is not installed, or stopped.</summary>
internal sealed class PeerException(string message) : Exception(message);
