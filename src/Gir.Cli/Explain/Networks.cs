using Gir.Cli.Shell;
using Gir.Models.Restoration;
using Gir.Models.Zoo;

namespace Gir.Cli.Explain;

/// <summary>The networks that are to be explained, by the names that results are called after.</summary>
internal static class Networks
{
    /// <exception cref="UsageException">One is no network, or two have one name.</exception>
    public static Dictionary<string, NetworkRestorer> Load(IReadOnlyList<string> texts, double? noise, string? wrapper, int threads)
    {
        var options = new RestorerOptions
        {
            MaxDegreeOfParallelism = threads,
            Network = new ModelZooOptions { Wrapper = wrapper, Restoration = new NetworkRestorerOptions { NoiseLevel = noise } },
        };
        var networks = new Dictionary<string, NetworkRestorer>(StringComparer.Ordinal);
        foreach (string text in texts)
        {
            NetworkRestorer network = RestorerFactory.Create("--model", text, options) as NetworkRestorer
                ?? throw new UsageException($"--model {text}: is no network, and has nothing inside to explain it by.");
            if (!networks.TryAdd(File.Exists(text) ? Path.GetFileNameWithoutExtension(text) : text, network))
                throw new UsageException($"--model {text}: there are two of this name.");
        }

        return networks;
    }
}
