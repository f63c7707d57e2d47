using System.Globalization;
using Gir.Cli.Shell;
using Gir.Models.Onnx;
using Gir.Models.Serialization;
using Gir.Models.Zoo;

namespace Gir.Cli.Train;

/// <summary>The command line of "train export".</summary>
internal sealed record ExportSettings
{
    public required string Input { get; init; }

    public required string Output { get; init; }

    public string? Format { get; init; }

    public string? Size { get; init; }

    public bool Half { get; init; }

    public string? License { get; init; }

    public string? Training { get; init; }

    public string? Name { get; init; }

    public string? Wrapper { get; init; }
}

/// <summary>Writes a trained network again for others: small, with its license and how it was trained, for Gir or for programs that run ONNX.</summary>
internal static class ExportCommand
{
    private const string SafeTensors = "safetensors";
    private const string Onnx = "onnx";

    public static int Run(Terminal terminal, ExportSettings settings)
    {
        string output = settings.Output;
        string format = Format(settings);
        (int Height, int Width)? size = Size(settings.Size, format);
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
        CheckpointDataType type = settings.Half ? CheckpointDataType.Float16 : CheckpointDataType.Float32;
        string sizes = "";
        if (format == SafeTensors)
            ModelZoo.Save(output, network, texts, type);
        else
            sizes = Sizes(ExportOnnx(output, network, new OnnxExportOptions { WeightType = type, FixedSize = size, Metadata = texts }));
        terminal.Say($"{output}: {network.Architecture}, {network.Module.ParameterCount()} parameters, {sizes}{new FileInfo(output).Length} bytes");
        return ExitCode.Fine;
    }

    private static OnnxModelDescription ExportOnnx(string output, RestorationNetwork network, OnnxExportOptions options)
    {
        try
        {
            return OnnxExporter.Export(network, output, options);
        }
        catch (ArgumentException e)
        {
            throw new UsageException($"--size: {e.Message}");
        }
    }

    private static string Sizes(OnnxModelDescription description)
    {
        InputSize size = description.Size;
        string multiples = size.Multiple > 1 ? $"multiples of {size.Multiple} " : "";
        return description.FixedSize is { } one ? $"images of {one.Height} x {one.Width}, " : $"images of {multiples}from {size.Minimum} pixels, ";
    }

    private static string Format(ExportSettings settings)
    {
        string byName = Path.GetExtension(settings.Output).TrimStart('.').ToLowerInvariant();
        string format = settings.Format?.ToLowerInvariant() ?? byName;
        if (format is not (SafeTensors or Onnx))
        {
            throw new UsageException(settings.Format is null
                ? $"--output {settings.Output}: expected a name that ends in .safetensors or .onnx."
                : $"--format {settings.Format}: expected {SafeTensors} or {Onnx}.");
        }

        if (format != byName)
            throw new UsageException($"--format {format}: '{settings.Output}' has another extension; expected .{format}.");
        return format;
    }

    private static (int Height, int Width)? Size(string? text, string format)
    {
        if (text is null)
            return null;
        if (format != Onnx)
            throw new UsageException($"--size {text}: goes with ONNX; safetensors hold weights alone.");
        string[] parts = text.Split('x');
        if (parts.Length != 2 || !Number(parts[0], out int width) || !Number(parts[1], out int height))
            throw new UsageException($"--size {text}: expected width and height, e.g. 256x192.");
        return (height, width);
    }

    private static bool Number(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number is >= 1 and <= 1 << 16;
}
