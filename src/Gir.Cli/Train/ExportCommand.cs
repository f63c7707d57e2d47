using Gir.Cli.Shell;
using Gir.Models.Serialization;
using Gir.Models.Zoo;

namespace Gir.Cli.Train;

/// <summary>The command line of "train export".</summary>
internal sealed record ExportSettings
{
    public required string Input { get; init; }

    public required string Output { get; init; }

    public bool Half { get; init; }

    public string? License { get; init; }

    public string? Training { get; init; }

    public string? Name { get; init; }

    public string? Wrapper { get; init; }
}

/// <summary>Writes a trained network again for others: small, with its license and how it was trained.</summary>
internal static class ExportCommand
{
    public static int Run(Terminal terminal, ExportSettings settings)
    {
        string output = settings.Output;
        if (!output.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase))
            throw new UsageException($"--output {output}: expected a name that ends in .safetensors.");
        var guard = new FileGuard();
        guard.Reads(settings.Input, "the file of --input");
        guard.Writes(output, "the exported network", replace: true);
        RestorationNetwork network = ModelZoo.LoadNetwork(settings.Input, new ModelZooOptions { Wrapper = settings.Wrapper });
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string key, string? text) in new[] { ("license", settings.License), ("training", settings.Training), ("name", settings.Name) })
        {
            if (text is not null)
                texts[key] = text;
        }

        OutputFolder.PrepareFor(output, "--output");
        ModelZoo.Save(output, network, texts, settings.Half ? CheckpointDataType.Float16 : CheckpointDataType.Float32);
        terminal.Say($"{output}: {network.Architecture}, {network.Module.ParameterCount()} parameters, {new FileInfo(output).Length} bytes");
        return ExitCode.Fine;
    }
}
