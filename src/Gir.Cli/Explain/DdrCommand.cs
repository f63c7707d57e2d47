using System.Globalization;
using System.Text;
using Gir.Cli.Shell;
using Gir.Degradations;
using Gir.Evaluation.Studies;
using Gir.Imaging.Codecs;
using Gir.Imaging.Files;
using Gir.Imaging;
using Gir.Imaging.Observability;
using Gir.Models.Features;
using Spectre.Console;

namespace Gir.Cli.Explain;

/// <summary>Compares how networks describe degradations inside.</summary>
internal static class DdrCommand
{
    public static async Task<int> RunAsync(DdrSettings settings, Terminal terminal, CancellationToken cancellationToken)
    {
        CommonOptions.RequireThreads(settings.Threads);
        RepresentationOptions options = Options(settings);
        Dictionary<string, NetworkFeatures> networks = Networks.Load(settings.Models, settings.Noise, settings.Wrapper, settings.Threads)
            .ToDictionary(n => n.Key, n => new NetworkFeatures(n.Value), StringComparer.Ordinal);
        if (settings.ListLayers)
            return ListLayers(networks, settings, terminal, cancellationToken);
        Dictionary<string, IReadOnlyList<string>> layers = networks.ToDictionary(n => n.Key, n => LayersOf(n.Value, settings), StringComparer.Ordinal);
        InputImages images = InputImages.Find(settings.Input, terminal);
        await images.ReadPipesAsync(cancellationToken);
        string[] figures = settings.Output is { } folder ? [Path.Combine(folder, "ddr.png"), Path.Combine(folder, "ddr.svg")] : [];
        Guard(settings, images, figures);

        var leftOut = new LeftOut(terminal, stops: settings.Strict || !images.IsFolder);
        var results = new List<DegradationRepresentation>();
        var panels = new List<ScatterPanel>();
        int done = 0;
        await new ProgressView(terminal).ShowAsync("Explaining", networks.Count, progress => Task.Run(() =>
        {
            IReadOnlyList<ImageBuffer> squares = Squares(images, options, leftOut);
            foreach ((string name, NetworkFeatures features) in networks)
            {
                var told = new Told<double>(share => progress.Report(new WorkProgress(done + share)));
                foreach (DegradationRepresentation found in RepresentationStudy.Describe(features, layers[name], squares, options, told, cancellationToken))
                {
                    DegradationRepresentation named = found with { Network = name };
                    if (figures.Length > 0)
                        panels.Add(new ScatterPanel(Title(named, layers[name].Count > 1), named.Plane(options.Seed, cancellationToken), named.Labels));
                    results.Add(named);
                }

                done++;
            }
        }, cancellationToken));
        if (figures.Length > 0)
        {
            var figure = new ScatterFigure(panels, options.Degradations);
            ImageFile.Save(figures[0], figure.Draw(), overwrite: true);
            AtomicFile.Write(figures[1], Encoding.UTF8.GetBytes(figure.ToSvg()));
        }

        Print(terminal, settings, options, results);
        return leftOut.Close(images.Images.Count);
    }

    private static string Title(DegradationRepresentation found, bool withLayer) =>
        string.Create(CultureInfo.InvariantCulture, $"{found.Network}{(withLayer ? " " + found.Layer : "")}: CHI {found.CalinskiHarabasz:0.0}");

    private static IReadOnlyList<string> LayersOf(NetworkFeatures features, DdrSettings settings)
    {
        if (settings.Layers.Count == 0)
            return [features.DeepLayer];
        foreach (string layer in settings.Layers)
        {
            if (!features.Layers.Contains(layer))
                throw new UsageException($"--layer {layer}: {features.Name} has none of this name; --list-layers lists them.");
        }

        return [.. settings.Layers.Distinct(StringComparer.Ordinal)];
    }

    private static int ListLayers(Dictionary<string, NetworkFeatures> networks, DdrSettings settings, Terminal terminal, CancellationToken cancellationToken)
    {
        foreach ((string name, NetworkFeatures features) in networks)
        {
            foreach (FeatureTap tap in features.Taps(settings.Size, settings.Size, cancellationToken))
                terminal.Output.WriteLine($"{name}\t{tap.Name}\t{tap.Channels} x {tap.Height} x {tap.Width}{(tap.Name == features.DeepLayer ? "\t(default)" : "")}");
        }

        return ExitCode.Fine;
    }

    private static void Guard(DdrSettings settings, InputImages images, string[] figures)
    {
        if (settings.Output is not { } folder)
            return;
        var guard = new FileGuard();
        foreach (InputImage image in images.Images)
            guard.Reads(image.Path, "one of the inputs");
        foreach (string text in settings.Models)
            guard.Reads(text, "--model");
        OutputFolder.RequireFolderName(folder, "--output");
        foreach (string figure in figures)
            guard.Writes(figure, "the figure", settings.Force);
        OutputFolder.Prepare(folder, "--output");
    }

    private static IReadOnlyList<ImageBuffer> Squares(InputImages images, RepresentationOptions options, LeftOut leftOut)
    {
        var squares = new List<ImageBuffer>();
        for (int i = 0; i < images.Images.Count; i++)
        {
            try
            {
                // Every image has draws of its own, whichever others can be read; gray ones are compared as color.
                ImageBuffer color = images.Images[i].Load().Visible.GrayAsColor();
                squares.AddRange(RepresentationStudy.Cut([color], options with { Seed = options.Seed + (ulong)i }));
            }
            catch (Exception e) when (LeftOut.IsInputs(e))
            {
                leftOut.Add(images.Images[i].Path, e);
            }
        }

        return squares.Count > 1 ? squares : throw new UsageException($"There are {squares.Count} squares to compare; expected at least two: more images, or --crops.");
    }

    private static RepresentationOptions Options(DdrSettings settings)
    {
        var options = new RepresentationOptions
        {
            Side = settings.Size, Crops = settings.Crops, Grid = settings.Grid, Components = settings.Components, Seed = settings.Seed,
        };
        if (settings.Degradations.Count > 0)
            options = options with { Degradations = settings.Degradations };
        try
        {
            options.Validate();
        }
        catch (ArgumentException e)
        {
            string option = e.ParamName switch { nameof(options.Side) => "--size", nameof(options.Degradations) => "--degradation", var name => "--" + name?.ToLowerInvariant() };
            throw new UsageException($"{option}: {e.Message}");
        }

        foreach (string text in options.Degradations.Where(d => d != RepresentationStudy.Clean))
        {
            try
            {
                DegradationPipeline.Parse(text);
            }
            catch (GirException e)
            {
                throw new UsageException($"--degradation {text}: {e.Message}");
            }
        }

        return options;
    }

    private static void Print(Terminal terminal, DdrSettings settings, RepresentationOptions options, List<DegradationRepresentation> results)
    {
        if (settings.Json)
        {
            JsonText.Write(terminal.Output, json =>
            {
                json.WriteStartArray();
                foreach (DegradationRepresentation result in results)
                {
                    json.WriteStartObject();
                    json.WriteString("model", result.Network);
                    json.WriteString("layer", result.Layer);
                    json.WriteNumber("points", result.Points.Count);
                    json.WriteNumber("components", result.Points.Dimension);
                    json.WriteNumber("calinskiHarabasz", result.CalinskiHarabasz);
                    json.WriteStartObject("srga");
                    foreach ((string degradation, double distance) in result.Degradations.Zip(result.Srga).Skip(1))
                        json.WriteNumber(degradation, distance);
                    json.WriteEndObject();
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            });
            return;
        }

        Table table = Tables.New(
            "Deep degradation representations: a smaller CHI means degradations are treated more alike",
            "model",
            ["layer", "points", "CHI", .. options.Degradations.Skip(1).Select(d => $"SRGA {d}")]);
        foreach (DegradationRepresentation result in results)
        {
            table.AddRow(Tables.Cells(
            [
                result.Network, result.Layer, result.Points.Count.ToString(CultureInfo.InvariantCulture), Number(result.CalinskiHarabasz), .. result.Srga.Skip(1).Select(Number),
            ]));
        }

        terminal.Console.Write(table);

        static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
    }
}
