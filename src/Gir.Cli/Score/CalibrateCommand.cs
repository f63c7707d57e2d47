using System.Globalization;
using Gir.Cli.Shell;
using Gir.Imaging;
using Gir.Metrics.Learned;
using Gir.Models.Features;

namespace Gir.Cli.Score;

/// <summary>The command line.</summary>
internal sealed record CalibrateSettings(string Images, IReadOnlyList<string> Weights, string? Layer, int Limit, string Output, bool Force, bool Strict);

/// <summary>Measures the zero of the metric semantics for a network.</summary>
internal static class CalibrateCommand
{
    public static async Task<int> RunAsync(CalibrateSettings settings, Terminal terminal, CancellationToken cancellationToken)
    {
        if (settings.Limit < 2)
            throw new UsageException($"--limit {settings.Limit}: expected at least two pictures to compare.");
        InputImages inputs = InputImages.Find(settings.Images, terminal);
        if (!inputs.IsFolder)
            throw new UsageException($"--images {settings.Images}: expected a folder of pictures.");
        var guard = new FileGuard();
        foreach (InputImage image in inputs.Images)
            guard.Reads(image.Path, "one of the pictures");
        foreach (string file in settings.Weights)
            guard.Reads(file, "a file of --weights");
        guard.Writes(settings.Output, "the calibration", settings.Force);
        PerceptualNetwork network = LearnedMetrics.SemanticNetwork(settings.Weights);
        if (settings.Layer is { } layer && !network.Layers.Contains(layer))
            throw new UsageException($"--layer {layer}: expected {string.Join(", ", network.Layers)}.");

        var leftOut = new LeftOut(terminal, settings.Strict);
        InputImage[] chosen = [.. inputs.Images.Take(settings.Limit)];
        IReadOnlyList<ImageBuffer> pictures = Middles([.. Load(chosen, leftOut)], network);
        SemanticsCalibration calibration = null!;
        await new ProgressView(terminal).ShowAsync("Comparing", pictures.Count, progress => Task.Run(
            () => calibration = Measure(network, pictures, settings.Layer, cancellationToken), cancellationToken));
        OutputFolder.PrepareFor(settings.Output, "--output");
        calibration.Save(settings.Output, settings.Force);
        terminal.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{calibration.Extractor} {calibration.Layer}: mean cosine of {pictures.Count} unrelated pictures {calibration.Local:0.0000} at the same place, {calibration.Global:0.0000} as wholes"));
        terminal.Say($"Zero of semantics in {settings.Output}");
        return leftOut.Close(chosen.Length);
    }

    private static IEnumerable<ImageBuffer> Load(IEnumerable<InputImage> images, LeftOut leftOut)
    {
        foreach (InputImage image in images)
        {
            ImageBuffer? picture = null;
            try
            {
                picture = image.Load().Color;
            }
            catch (Exception e) when (LeftOut.IsInputs(e))
            {
                leftOut.Add(image.Path, e);
            }

            if (picture is not null)
                yield return picture;
        }
    }

    /// <summary>The largest squares that all pictures hold, from their middles.</summary>
    private static IReadOnlyList<ImageBuffer> Middles(IReadOnlyList<ImageBuffer> pictures, PerceptualNetwork network)
    {
        if (pictures.Count < 2)
            throw new UsageException($"--images: {pictures.Count} pictures can be read; expected at least two.");
        int side = pictures.Min(p => Math.Min(p.Height, p.Width));
        if (side < network.Input.MinimumSize)
            throw new UsageException($"--images: the smallest picture is {side} pixels high or wide; {network.Name} wants at least {network.Input.MinimumSize}.");
        return [.. pictures.Select(p => p.Crop((p.Height - side) / 2, (p.Width - side) / 2, side, side))];
    }

    private static SemanticsCalibration Measure(PerceptualNetwork network, IReadOnlyList<ImageBuffer> pictures, string? layer, CancellationToken cancellationToken)
    {
        try
        {
            return SemanticsCalibration.Measure(network, pictures, layer, cancellationToken);
        }
        catch (ArgumentException e)
        {
            throw new UsageException($"--images: {e.Message}");
        }
    }
}
