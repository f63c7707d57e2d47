#:project ../src/Gir.Degradations/Gir.Degradations.csproj
#:project ../src/Gir.Metrics/Gir.Metrics.csproj
#:project ../src/Gir.Models/Gir.Models.csproj
#:property PublishAot=false
// Makes docs/images/gir-v1.jpg: what gir-v1 makes of the ten single tasks and of five mixtures, on five pictures; to the left what it is given, to the right what it
// gives back, a window of each picture, and the PSNR of the whole picture before and after. Degraded as "gir evaluate --images KODAK" does.
// Run from the repository's root: dotnet run -c Release docs/before-after.cs [KODAK [MODEL [FILE]]]
// KODAK is a folder with the photographs below; without it procedural scenes take their place. MODEL is a name or a checkpoint.
using System.Globalization;
using Gir.Degradations.Depth;
using Gir.Degradations.Tasks;
using Gir.Imaging;
using Gir.Imaging.Codecs;
using Gir.Imaging.Random;
using Gir.Imaging.Scenes;
using Gir.Metrics.FullReference;
using Gir.Models.Restoration;

const int Side = 96;
const int Gap = 4;
const int CellGap = 10;
const int TitleHeight = 18;
const int NumbersHeight = 11;
const int CellWidth = (2 * Side) + Gap;
const int RowHeight = TitleHeight + NumbersHeight + Side + CellGap;
string[] tasks = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "16", "19", "24", "37", "50"];
// The upper left corners of what is shown: an eye, letters and shutters, snow before the sky, a tower before pale clouds, a bird's face.
(string Name, int Top, int Left)[] photographs =
    [("kodim04.png", 295, 190), ("kodim08.png", 280, 660), ("kodim13.png", 50, 330), ("kodim19.png", 105, 235), ("kodim23.png", 180, 145)];

string? folder = args.Length > 0 ? args[0] : null;
string model = args.Length > 1 ? args[1] : "gir-v1";
string file = args.Length > 2 ? args[2] : "docs/images/gir-v1.jpg";
IRestorer restorer = Restorers.Create(model);
var psnr = new Psnr();
var sheet = new ImageBuffer(3, (tasks.Length * RowHeight) - CellGap, (photographs.Length * (CellWidth + CellGap)) - CellGap);
sheet.Samples.Fill(1);
for (int column = 0; column < photographs.Length; column++)
{
    (string name, int top, int left) = photographs[column];
    (ImageBuffer clean, ImageBuffer? depth) = Picture(name, column);
    for (int row = 0; row < tasks.Length; row++)
    {
        DegradationTask task = RepresentativeTasks.Find(tasks[row]);
        ImageBuffer degraded = task.Pipeline.Degrade(clean, Philox4x32.DeriveSeed(0, task.Id), name, depth, depth is null ? new HeuristicDepthEstimator() : null).Quantized();
        ImageBuffer restored = restorer.Restore(degraded).Quantized();
        (double before, double after) = (psnr.Measure(clean, degraded).Value, psnr.Measure(clean, restored).Value);
        (int y, int x) = (row * RowHeight, column * (CellWidth + CellGap));
        if (column == 0)
            Write(string.Join(" + ", task.Pipeline.Operators.Select(o => o.Name)), y + 1, 0, scale: 2, harm: false);
        Write(string.Create(CultureInfo.InvariantCulture, $"{before:0.0} > {after:0.0} dB  {after - before:+0.0;-0.0;0.0}"), y + TitleHeight, x, scale: 1, harm: after < before - 0.05);
        Put(degraded, top, left, y + TitleHeight + NumbersHeight, x);
        Put(restored, top, left, y + TitleHeight + NumbersHeight, x + Side + Gap);
    }

    Console.WriteLine($"{column + 1} of {photographs.Length}: {name}");
}

ImageFile.Save(file, sheet, new JpegEncodeOptions(85), overwrite: true);
Console.WriteLine($"{file}: {sheet}, {new FileInfo(file).Length / 1000} kB");

(ImageBuffer Clean, ImageBuffer? Depth) Picture(string name, int index)
{
    if (folder is not null)
        return (ImageFile.Load(Path.Combine(folder, name)), null);
    Scene scene = SceneGenerator.Create((ulong)index + 4, 512, 768, null, Parallelism.AllProcessors);
    return (scene.Image.Quantized(), scene.Depth);
}

void Put(ImageBuffer image, int fromTop, int fromLeft, int top, int left)
{
    for (int c = 0; c < 3; c++)
    {
        for (int y = 0; y < Side; y++)
            image.Row(c, fromTop + y).Slice(fromLeft, Side).CopyTo(sheet.Row(c, top + y)[left..]);
    }
}

// Black; red where the picture is worse than it was.
void Write(string text, int top, int left, int scale, bool harm)
{
    for (int i = 0; i < text.Length; i++)
    {
        byte[] columns = Letters.Of(text[i]);
        for (int y = 0; y < 8 * scale; y++)
        {
            for (int x = 0; x < columns.Length * scale; x++)
            {
                if ((columns[x / scale] >> (y / scale) & 1) == 0)
                    continue;
                for (int c = harm ? 1 : 0; c < 3; c++)
                    sheet[c, top + y, left + (i * 6 * scale) + x] = 0;
                if (harm)
                    sheet[0, top + y, left + (i * 6 * scale) + x] = 0.85f;
            }
        }
    }
}

/// <summary>A font of 5 x 7 points: five columns a letter, the lowest bit on top.</summary>
internal static class Letters
{
    private const string Known = " +-.>0123456789abcdefghijklmnopqrstuvwxyzB";

    private static readonly byte[] s_columns = Convert.FromHexString(
        "0000000000" + "08083E0808" + "0808080808" + "0060600000" + "0041221408"
        + "3E5149453E" + "00427F4000" + "4261514946" + "2141454B31" + "1814127F10" + "2745454539" + "3C4A494930" + "0171090503" + "3649494936" + "064949291E"
        + "2054545478" + "7F48444438" + "3844444420" + "384444487F" + "3854545418" + "087E090102" + "0C5252523E" + "7F08040478" + "00447D4000" + "2040443D00"
        + "7F10284400" + "00417F4000" + "7C04180478" + "7C08040478" + "3844444438" + "7C14141408" + "081414187C" + "7C08040408" + "4854545420" + "043F444020"
        + "3C4040207C" + "1C2040201C" + "3C4030403C" + "4428102844" + "0C5050503C" + "4464544C44" + "7F49494936");

    public static byte[] Of(char letter) => Known.IndexOf(letter) is int i and >= 0 ? s_columns[(5 * i)..((5 * i) + 5)] : Of(' ');
}
