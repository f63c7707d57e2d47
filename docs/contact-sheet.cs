#:project ../src/Gir.Degradations/Gir.Degradations.csproj
#:property PublishAot=false
// Makes docs/images/degradations.png: a procedural scene, its depth, and the ten degradations at representative strength.
// Run from the repository's root: dotnet run docs/contact-sheet.cs [SEED]
using Gir.Degradations;
using Gir.Degradations.Tasks;
using Gir.Imaging;
using Gir.Imaging.Codecs;
using Gir.Imaging.Color;
using Gir.Imaging.Scenes;

const int Columns = 4;
const int Gap = 6;
const int Height = 180;
const int Width = 240;
ulong seed = args.Length > 0 ? ulong.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture) : 4;

Scene scene = SceneGenerator.Create(seed, Height, Width, null, Parallelism.AllProcessors);
var cells = new List<ImageBuffer> { scene.Image, scene.Depth.GrayToRgb() };
foreach (DegradationTask task in RepresentativeTasks.Single)
    cells.Add(task.Pipeline.Apply(scene.Image, seed, task.Id, scene.Depth).Image);

int rows = (cells.Count + Columns - 1) / Columns;
var sheet = new ImageBuffer(3, (rows * (Height + Gap)) - Gap, (Columns * (Width + Gap)) - Gap);
sheet.Samples.Fill(1);
for (int i = 0; i < cells.Count; i++)
{
    (int top, int left) = (i / Columns * (Height + Gap), i % Columns * (Width + Gap));
    for (int c = 0; c < 3; c++)
    {
        for (int y = 0; y < cells[i].Height; y++)
            cells[i].Row(c, y).CopyTo(sheet.Row(c, top + y)[left..]);
    }
}

ImageFile.Save("docs/images/degradations.png", sheet, overwrite: true);
Console.WriteLine($"docs/images/degradations.png: {sheet}");
