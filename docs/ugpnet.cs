#:project ../src/Gir.Degradations/Gir.Degradations.csproj
#:project ../src/Gir.Metrics/Gir.Metrics.csproj
#:project ../src/Gir.Models/Gir.Models.csproj
#:property PublishAot=false
// Makes the table and the pictures of docs/ugpnet.md: what the parts of a trained UGPNet make of scenes like those that it was trained on, of other scenes, of photographs,
// and of degradations of strengths that it was not trained on.
// Run from the repository's root, after the training that docs/ugpnet.md names: dotnet run -c Release docs/ugpnet.cs WEIGHTS [PHOTOGRAPHS [TASK [FOLDER]]]
// WEIGHTS is the fusion stage's file, PHOTOGRAPHS a folder of at least 64 x 64 pixels each (BSDS; without it those rows are left out), TASK what it was trained for: denoise (the default), deblur or
// super-resolution, FOLDER where pictures go (docs/images).
using System.Globalization;
using Gir.Degradations;
using Gir.Imaging;
using Gir.Imaging.Codecs;
using Gir.Imaging.Scenes;
using Gir.Metrics.Dimensions;
using Gir.Metrics.FullReference;
using Gir.Models.Generative.UgpNet;

const int Gap = 2;
const int Columns = 4;
const int FirstScene = 5000;
const int FirstNoise = 900;
string[] results = ["degraded", "regression", "synthesis", "fusion"];
// What each training has learned comes first, what it has not seen behind it.
var tasks = new Dictionary<string, (string File, string[] Pipelines)>
{
    ["denoise"] = ("ugpnet", ["noise(sigma=50)", "noise(sigma=15)", "noise(sigma=25)", "noise(sigma=75)"]),
    ["deblur"] = ("ugpnet-deblur", ["blur(size=15, sigma=2) + noise(sigma=2)", "blur(size=15, sigma=1) + noise(sigma=2)", "blur(size=15, sigma=3) + noise(sigma=2)", "blur(size=15, sigma=2) + noise(sigma=10)"]),
    ["super-resolution"] = ("ugpnet-super-resolution", ["resize(scale=4)", "resize(scale=2)", "resize(scale=3)"]),
};

if (args.Length == 0)
{
    Console.Error.WriteLine("Expected the weights of a trained UGPNet: docs/ugpnet.cs WEIGHTS [PHOTOGRAPHS [TASK [FOLDER]]]");
    return 2;
}

if (!tasks.TryGetValue(args.Length > 2 ? args[2] : "denoise", out (string File, string[] Pipelines) task))
{
    Console.Error.WriteLine($"Expected a task among {string.Join(", ", tasks.Keys)}, not '{args[2]}'.");
    return 2;
}

UgpNetRestorer restorer = UgpNetRestorer.Load(args[0]);
int side = restorer.Size;
string pictures = args.Length > 3 ? args[3] : "docs/images";
string trained = task.Pipelines[0];
var sets = new List<(string Name, ImageBuffer[] Images, string[] Pipelines, bool IsShown)>
{
    ("pebbles", Scenes(SceneLayout.Pebbles, 96), task.Pipelines, true),
    ("streets", Scenes(SceneLayout.Street, 48), [trained], false),
};
if (args.Length > 1)
    sets.Add(("photographs", Photographs(args[1], 48), [trained], true));

var psnr = new Psnr();
var ssim = new Ssim();
var meter = new DimensionMeter();
Console.WriteLine("| images | degraded by | result | PSNR | SSIM | energy | missing | added | detail |");
Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
foreach ((string name, ImageBuffer[] images, string[] pipelines, bool isShown) in sets)
{
    foreach (string text in pipelines)
    {
        DegradationPipeline pipeline = DegradationPipeline.Parse(text, DegradationPipelineOptions.Benchmark);
        var sums = new double[results.Length, 5];
        double cleanEnergy = 0;
        var sheet = new ImageBuffer(3, (results.Length + 1) * (side + Gap), Columns * (side + Gap));
        for (int k = 0; k < images.Length; k++)
        {
            ImageBuffer clean = images[k];
            ImageBuffer degraded = pipeline.Degrade(clean, (ulong)(FirstNoise + k));
            UgpNetParts parts = restorer.Parts(degraded);
            ImageBuffer[] row = [degraded, Eight(parts.Regressed), Eight(parts.Synthesized), Eight(parts.Fused)];
            for (int j = 0; j < row.Length; j++)
            {
                DimensionScores scores = meter.Measure(clean, row[j]);
                double[] values = [psnr.Measure(clean, row[j]).Value, ssim.Measure(clean, row[j]).Value, Energy(row[j]), scores.Under, scores.Over];
                for (int i = 0; i < values.Length; i++)
                    sums[j, i] += values[i];
                Put(row[j], sheet, j, k);
            }

            cleanEnergy += Energy(clean);
            Put(clean, sheet, results.Length, k);
        }

        for (int j = 0; j < results.Length; j++)
        {
            double Mean(int i) => sums[j, i] / images.Length;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {(j == 0 ? name : "")} | {(j == 0 ? text : "")} | {results[j]} | {Mean(0):F2} | {Mean(1):F3} | {sums[j, 2] / cleanEnergy:F2} | {Mean(3):F2} | {Mean(4):F2} | {3 * (Mean(4) - Mean(3)):+0.00;-0.00;0.00} |"));
        }

        if (isShown && text == trained)
            ImageFile.Save(Path.Combine(pictures, $"{task.File}-{name}.png"), sheet, overwrite: true);
    }
}

return 0;

ImageBuffer[] Scenes(SceneLayout layout, int count) =>
    [.. Enumerable.Range(FirstScene, count).Select(i => SceneGenerator.Create((ulong)i, side, side, new SceneOptions(layout)).Image.Quantized())];

// The middles of the first ones by name.
ImageBuffer[] Photographs(string folder, int count) =>
[
    .. Directory.GetFiles(folder, "*.*", SearchOption.AllDirectories).Where(f => f.EndsWith(".jpg", StringComparison.OrdinalIgnoreCase) || f.EndsWith(".png", StringComparison.OrdinalIgnoreCase))
        .Order(StringComparer.Ordinal).Take(count).Select(f => ImageFile.Load(f)).Select(i => i.Crop((i.Height - side) / 2, (i.Width - side) / 2, side, side)),
];

// As a picture would be written.
static ImageBuffer Eight(ImageBuffer image)
{
    var clamped = new ImageBuffer(image.Channels, image.Height, image.Width);
    for (int i = 0; i < image.Samples.Length; i++)
        clamped.Samples[i] = Math.Clamp(image.Samples[i], 0, 1);
    return clamped.Quantized();
}

// Of the Laplacian, over all inner pixels.
static double Energy(ImageBuffer image)
{
    double sum = 0;
    for (int c = 0; c < image.Channels; c++)
    {
        for (int y = 1; y < image.Height - 1; y++)
        {
            ReadOnlySpan<float> above = image.Row(c, y - 1);
            ReadOnlySpan<float> row = image.Row(c, y);
            ReadOnlySpan<float> below = image.Row(c, y + 1);
            for (int x = 1; x < image.Width - 1; x++)
            {
                double value = (4 * row[x]) - row[x - 1] - row[x + 1] - above[x] - below[x];
                sum += value * value;
            }
        }
    }

    return sum;
}

void Put(ImageBuffer image, ImageBuffer sheet, int row, int column)
{
    if (column >= Columns)
        return;
    for (int c = 0; c < 3; c++)
    {
        for (int y = 0; y < side; y++)
            image.Row(c, y).CopyTo(sheet.Row(c, (row * (side + Gap)) + y).Slice(column * (side + Gap), side));
    }
}
