#:project ../src/Gir.Evaluation/Gir.Evaluation.csproj
#:property PublishAot=false
// Makes docs/images/failure-signs.jpg of Kodak's photographs: three restorations that lose detail, three that add some, each as clean, degraded and restored image with the maps of what is
// missing and what was added. Prints the numbers of the table in docs/dimensions.md. Run from the repository's root: dotnet run docs/failure-signs.cs FOLDER
using System.Globalization;
using Gir.Degradations.Depth;
using Gir.Degradations.Tasks;
using Gir.Imaging;
using Gir.Imaging.Codecs;
using Gir.Imaging.Random;
using Gir.Metrics.Dimensions;
using Gir.Models.Restoration;

const int Gap = 6;
const int Height = 160;
const int Width = 208;
const int Block = 16;
(string Restorer, string Task, string Image)[] shown =
[
    ("non-local-means", "38", "kodim05.png"),
    ("median", "15", "kodim19.png"),
    ("gaussian", "5", "kodim08.png"),
    ("richardson-lucy", "20", "kodim23.png"),
    ("unsharp", "4", "kodim19.png"),
    ("gir-v1", "37", "kodim19.png"),
];

var sheet = new ImageBuffer(3, (shown.Length * (Height + Gap)) - Gap, (5 * (Width + Gap)) - Gap);
sheet.Samples.Fill(1);
var meter = new DimensionMeter();
for (int row = 0; row < shown.Length; row++)
{
    (string name, string task, string image) = shown[row];
    ImageBuffer clean = ImageFile.Load(Path.Combine(args[0], image));
    DegradationTask done = RepresentativeTasks.Find(task);
    // As the evaluation with seed 0 degrades it.
    ImageBuffer degraded = done.Pipeline.Degrade(clean, Philox4x32.DeriveSeed(0, task), image, estimator: new HeuristicDepthEstimator()).Quantized();
    ImageBuffer restored = Restorers.Create(name).Restore(degraded).Quantized();
    DimensionScores before = meter.Measure(clean, degraded);
    DimensionScores after = meter.Measure(clean, restored, out DimensionMaps maps);
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {name} | {task}: {done.Pipeline} | {before.Under:0.00} | {after.Under:0.00} | {before.Over:0.00} | {after.Over:0.00} |"));
    (int top, int left) = ((clean.Height - Height) / 2 / Block * Block, (clean.Width - Width) / 2 / Block * Block);
    ImageBuffer[] columns = [clean, degraded, restored];
    for (int column = 0; column < columns.Length; column++)
        Put(columns[column].Crop(top, left, Height, Width), row, column);
    Put(Paint(maps.Under, top, left, v => (1 - v, 1 - v, 1)), row, 3);
    Put(Paint(maps.Over, top, left, v => (1, 1 - v, 1 - v)), row, 4);
}

ImageFile.Save("docs/images/failure-signs.jpg", sheet, new JpegEncodeOptions(82), overwrite: true);
Console.WriteLine($"docs/images/failure-signs.jpg: {sheet}");

static ImageBuffer Paint(ImageBuffer map, int top, int left, Func<float, (float Red, float Green, float Blue)> color)
{
    var picture = new ImageBuffer(3, Height, Width);
    for (int y = 0; y < Height; y++)
    {
        for (int x = 0; x < Width; x++)
            (picture[0, y, x], picture[1, y, x], picture[2, y, x]) = color(map[0, (top + y) / Block, (left + x) / Block]);
    }

    return picture;
}

void Put(ImageBuffer picture, int row, int column)
{
    for (int c = 0; c < 3; c++)
    {
        for (int y = 0; y < Height; y++)
            picture.Row(c, y).CopyTo(sheet.Row(c, (row * (Height + Gap)) + y).Slice(column * (Width + Gap), Width));
    }
}
