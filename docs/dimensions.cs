#:project ../src/Gir.Metrics/Gir.Metrics.csproj
#:property PublishAot=false
// Makes docs/images/dimensions.png: a procedural scene and what happened to it, and below each the maps of missing detail, added detail and sharpness.
// Prints the numbers of the table in docs/dimensions.md. Run from the repository's root: dotnet run docs/dimensions.cs [SEED]
using System.Globalization;
using Gir.Imaging;
using Gir.Imaging.Codecs;
using Gir.Imaging.Filtering;
using Gir.Imaging.Random;
using Gir.Imaging.Scenes;
using Gir.Metrics.Dimensions;

const int Gap = 6;
const int Height = 160;
const int Width = 208;
ulong seed = args.Length > 0 ? ulong.Parse(args[0], CultureInfo.InvariantCulture) : 4;

ImageBuffer scene = SceneGenerator.Create(seed, Height, Width).Image;
ImageBuffer blurred = Blur(scene, 2);
(string Name, ImageBuffer Image)[] results =
[
    ("the reference itself", scene),
    ("Gaussian blur 2", blurred),
    ("noise 15", Noise(scene, 15)),
    ("sharpened", Mix(scene, Blur(scene, 1.5), -1.5f)),
    ("Gaussian blur 2, noise 15", Noise(blurred, 15)),
];

var sheet = new ImageBuffer(3, (4 * (Height + Gap)) - Gap, (results.Length * (Width + Gap)) - Gap);
sheet.Samples.Fill(1);
var meter = new DimensionMeter();
for (int i = 0; i < results.Length; i++)
{
    DimensionScores scores = meter.Measure(scene, results[i].Image, out DimensionMaps maps);
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {results[i].Name} | {scores.Under:0.00} | {scores.Over:0.00} | {scores.Detail:+0.00;-0.00;0.00} | {scores.Sharpness:+0.00;-0.00;0.00} |"));
    Put(results[i].Image, 0, i);
    Put(Paint(maps.Under, v => (1 - v, 1 - v, 1)), 1, i);
    Put(Paint(maps.Over, v => (1, 1 - v, 1 - v)), 2, i);
    Put(Paint(maps.Sharpness, v => v < 0 ? (1 + (v / 3), 1 + (v / 3), 1) : (1, 1 - (v / 3), 1 - (v / 3))), 3, i);
}

ImageFile.Save("docs/images/dimensions.png", sheet, overwrite: true);
Console.WriteLine($"docs/images/dimensions.png: {sheet}");

static ImageBuffer Blur(ImageBuffer image, double sigma) =>
    ImageFilter.GaussianBlur(image, (2 * (int)Math.Ceiling(4 * sigma)) + 1, sigma, PadMode.Symmetric);

static ImageBuffer Noise(ImageBuffer image, double sigma)
{
    var random = new PhiloxRandom(1);
    ImageBuffer result = image.Clone();
    foreach (ref float sample in result.Samples)
        sample = Math.Clamp(sample + (float)(sigma / 255 * random.NextGaussian()), 0, 1);
    return result;
}

static ImageBuffer Mix(ImageBuffer image, ImageBuffer other, float share)
{
    ImageBuffer result = image.Clone();
    for (int i = 0; i < result.Samples.Length; i++)
        result.Samples[i] = Math.Clamp(image.Samples[i] + (share * (other.Samples[i] - image.Samples[i])), 0, 1);
    return result;
}

static ImageBuffer Paint(ImageBuffer map, Func<float, (float Red, float Green, float Blue)> color)
{
    var picture = new ImageBuffer(3, Height, Width);
    for (int y = 0; y < Height; y++)
    {
        for (int x = 0; x < Width; x++)
            (picture[0, y, x], picture[1, y, x], picture[2, y, x]) = color(map[0, y / 16, x / 16]);
    }

    return picture;
}

void Put(ImageBuffer picture, int row, int column)
{
    for (int c = 0; c < 3; c++)
    {
        for (int y = 0; y < Height; y++)
            picture.Row(c, y).CopyTo(sheet.Row(c, (row * (Height + Gap)) + y)[(column * (Width + Gap))..]);
    }
}
