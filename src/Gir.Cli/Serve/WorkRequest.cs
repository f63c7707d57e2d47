using System.Globalization;
using Gir.Cli.Shell;
using Microsoft.AspNetCore.Http;

namespace Gir.Cli.Serve;

/// <summary>What the page asks for.</summary>
/// <param name="Pipeline">The degradation as an expression; empty: none.</param>
/// <param name="Seed">Seed of its draws.</param>
/// <param name="Model">One of the models offered; empty: none.</param>
/// <param name="Name">What the image's file is called: the key of the draws, and part of the command line.</param>
/// <param name="File">The image file; empty: the sample.</param>
internal sealed record WorkRequest(string Pipeline, ulong Seed, string Model, string Name, byte[] File)
{
    public const string SampleName = "sample.png";

    private const int LongestName = 255;

    /// <summary>Reads a request.</summary>
    /// <exception cref="UsageException">A part of it is not what it has to be.</exception>
    public static WorkRequest Of(IQueryCollection query, byte[] file)
    {
        string seed = query["seed"].ToString();
        if (!ulong.TryParse(seed, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number))
            throw new UsageException($"seed {seed}: expected a whole number of 0..{ulong.MaxValue}.");
        string name = file.Length == 0 ? SampleName : query["name"].ToString();
        if (name.Length is 0 or > LongestName || name is "." or ".." || name.Any(c => char.IsControl(c) || c is '/' or '\\'))
            throw new UsageException($"name: expected a file's name without folders, of at most {LongestName} characters.");
        return new WorkRequest(query["pipeline"].ToString().Trim(), number, query["model"].ToString(), name, file);
    }
}
