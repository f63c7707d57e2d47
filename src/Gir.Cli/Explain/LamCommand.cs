using System.Globalization;
using Gir.Cli.Shell;
using Gir.Imaging;
using Gir.Imaging.Codecs;
using Gir.Imaging.Observability;
using Gir.Imaging.Text;
using Gir.Metrics.Analysis;
using Gir.Models.Attribution;
using Gir.Models.Restoration;
using Spectre.Console;

namespace Gir.Cli.Explain;

/// <summary>Draws local attribution maps and prints how widely they spread.</summary>
internal static class LamCommand
{
    private const int DefaultWindow = 16;

    public static async Task<int> RunAsync(LamSettings settings, Terminal terminal, CancellationToken cancellationToken)
    {
        CommonOptions.RequireThreads(settings.Threads);
        AttributionOptions options = Options(settings);
        int[]? window = ParseWindow(settings);
        Dictionary<string, NetworkRestorer> models = Networks.Load(settings.Models, settings.Noise, settings.Wrapper, settings.Threads);
        InputImages images = InputImages.Find(settings.Input, terminal);
        await images.ReadPipesAsync(cancellationToken);
        var guard = new FileGuard();
        foreach (InputImage image in images.Images)
            guard.Reads(image.Path, "one of the inputs");
        foreach (string text in settings.Models)
            guard.Reads(text, "--model");
        if (settings.Output is { } folder)
        {
            OutputFolder.RequireFolderName(folder, "--output");
            foreach (InputImage image in images.Images)
            {
                foreach (string model in models.Keys)
                    guard.Writes(PictureOf(folder, image, model), $"the map of '{image.Name}'", settings.Force);
            }

            OutputFolder.Prepare(folder, "--output");
        }

        var leftOut = new LeftOut(terminal, stops: settings.Strict || !images.IsFolder);
        var rows = new List<(string Image, double[] Indices)>();
        double done = 0;
        await new ProgressView(terminal).ShowAsync("Explaining", images.Images.Count * models.Count, progress => Task.Run(() =>
        {
            foreach (InputImage input in images.Images)
            {
                try
                {
                    rows.Add((input.Name, Explain(input, models, window, settings, options, share => progress.Report(new WorkProgress(done + share)), () => done++, cancellationToken)));
                }
                catch (Exception e) when (LeftOut.IsInputs(e))
                {
                    leftOut.Add(input.Path, e);
                }
            }
        }, cancellationToken));
        if (rows.Count > 0)
            Print(terminal, settings, [.. models.Keys], rows);
        return leftOut.Close(images.Images.Count);
    }

    private static double[] Explain(
        InputImage input, Dictionary<string, NetworkRestorer> models, int[]? window, LamSettings settings, AttributionOptions options, Action<double> progress, Action finished,
        CancellationToken cancellationToken)
    {
        ImageBuffer image = input.Load().Visible;
        var indices = new List<double>();
        foreach ((string name, NetworkRestorer model) in models)
        {
            (ImageBuffer seen, AttributionWindow? explained) = Region(image, window, model.Info.Scale, settings);
            AttributionMap map = LocalAttribution.Explain(model, seen, explained, options, new Told<double>(progress), cancellationToken);
            indices.Add(DiffusionIndex.Compute(map.Values));
            if (settings.Output is { } folder)
                ImageFile.Save(PictureOf(folder, input, name), map.DrawOver(seen));
            finished();
        }

        return [.. indices];
    }

    // The part of the image that the network sees, and the window within it.
    private static (ImageBuffer Seen, AttributionWindow? Window) Region(ImageBuffer image, int[]? given, int scale, LamSettings settings)
    {
        if (settings.Whole)
            return (image, null);
        (int height, int width) = (image.Height * scale, image.Width * scale);
        AttributionWindow window = given is [var y, var x, var h, var w]
            ? new(y, x, h, w)
            : new(Math.Max(0, (height - DefaultWindow) / 2), Math.Max(0, (width - DefaultWindow) / 2), Math.Min(DefaultWindow, height), Math.Min(DefaultWindow, width));
        if (window.Height > height - window.Top || window.Width > width - window.Left)
            throw new UsageException($"--window {settings.Window}: reaches beyond the result of {height} x {width} pixels.");
        if (settings.Around == 0)
            return (image, window);
        (int top, int rows) = Around(window.Top, window.Height, image.Height, scale, settings.Around);
        (int left, int columns) = Around(window.Left, window.Width, image.Width, scale, settings.Around);
        return (image.Crop(top, left, rows, columns), window with { Top = window.Top - (top * scale), Left = window.Left - (left * scale) });
    }

    private static (int Start, int Length) Around(int start, int length, int size, int scale, int around)
    {
        int seen = Math.Min(size, Math.Max(around, (length / scale) + 2));
        int middle = (start + (length / 2)) / scale;
        return (Math.Clamp(middle - (seen / 2), 0, size - seen), seen);
    }

    private static AttributionOptions Options(LamSettings settings)
    {
        if (settings.Around < 0)
            throw new UsageException($"--around {settings.Around}: expected 0 or more.");
        if (settings.Steps is < 1 or > 1000)
            throw new UsageException($"--steps {settings.Steps}: expected 1..1000.");
        if (settings.Sigma is not (> 0 and <= 20))
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--sigma {settings.Sigma}: expected a number above 0 and at most 20."));
        IReadOnlyList<string> words = ChoiceWords<AttributionMethod>.Words;
        if (!words.Contains(settings.Method))
            throw new UsageException($"--method {settings.Method}: expected {Suggestion.Among(settings.Method, words)}.");
        return new AttributionOptions { Method = ChoiceWords<AttributionMethod>.Parse(settings.Method), Steps = settings.Steps, Sigma = settings.Sigma };
    }

    private static int[]? ParseWindow(LamSettings settings)
    {
        if (settings.Window is not { } text)
            return null;
        if (settings.Whole)
            throw new UsageException($"--window {text}: goes not with --whole.");
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries);
        int[] numbers = [.. parts.Select(p => int.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : -1)];
        return numbers switch
        {
            [>= 0, >= 0, >= 1] => [.. numbers, numbers[2]],
            [>= 0, >= 0, >= 1, >= 1] => numbers,
            _ => throw new UsageException($"--window {text}: expected top,left,size or top,left,height,width in pixels of the result."),
        };
    }

    private static string PictureOf(string folder, InputImage image, string model) => Path.Combine(folder, $"{image.Stem}.{model}.png");

    private static void Print(Terminal terminal, LamSettings settings, string[] models, List<(string Image, double[] Indices)> rows)
    {
        double[] means = [.. models.Select((_, m) => rows.Average(r => r.Indices[m]))];
        if (settings.Json)
        {
            JsonText.Write(terminal.Output, json =>
            {
                json.WriteStartArray();
                for (int m = 0; m < models.Length; m++)
                {
                    json.WriteStartObject();
                    json.WriteString("model", models[m]);
                    json.WriteString("method", settings.Method);
                    json.WriteNumber("diffusionIndex", means[m]);
                    json.WriteStartObject("images");
                    foreach ((string image, double[] indices) in rows)
                        json.WriteNumber(image, indices[m]);
                    json.WriteEndObject();
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            });
            return;
        }

        Table table = Tables.New("Diffusion index: 0 one pixel, 100 all pixels alike", "image", models);
        foreach ((string image, double[] indices) in rows)
            table.AddRow(Tables.Cells([image, .. indices.Select(Index)]));
        if (rows.Count > 1)
            table.AddRow(Tables.Cells(["average", .. means.Select(Index)]));
        terminal.Console.Write(table);

        static string Index(double index) => index.ToString("0.00", CultureInfo.InvariantCulture);
    }
}
