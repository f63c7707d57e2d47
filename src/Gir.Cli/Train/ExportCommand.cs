using Gir.Cli.Shell;
using Gir.Models.Serialization;
using Gir.Models.Zoo;

namespace Gir.Cli.Train;

/// <summary>Writes a trained network again for others: small, with its licence and how it was trained.</summary>
internal static class ExportCommand
{
    public static int Run(Terminal terminal, string input, string output, bool half, string? license, string? training)
    {
        if (!output.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase))
            throw new UsageException($"--output {output}: expected a name that ends in .safetensors.");
        RestorationNetwork network = ModelZoo.LoadNetwork(input);
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        if (license is not null)
            texts["license"] = license;
        if (training is not null)
            texts["training"] = training;
        ModelZoo.Save(output, network, texts, half ? CheckpointDataType.Float16 : CheckpointDataType.Float32);
        terminal.Say($"{output}: {network.Architecture}, {network.Module.ParameterCount()} parameters, {new FileInfo(output).Length} bytes");
        return 0;
    }
}
