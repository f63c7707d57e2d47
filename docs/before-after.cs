#:project ../src/Gir.Degradations/Gir.Degradations.csproj
#:project ../src/Gir.Models/Gir.Models.csproj
#:property PublishAot=false
// Makes docs/images/gir-v1.png: a procedural scene, degraded in three ways (upper row) and restored by gir-v1 (lower row).
// Run from the repository's root: dotnet run docs/before-after.cs [SEED]
using Gir.Degradations;
using Gir.Imaging;
using Gir.Imaging.Codecs;
using Gir.Imaging.Scenes;
using Gir.Models.Restoration;
using Gir.Models.Zoo;

const int Gap = 6;
const int Height = 192;
const int Width = 256;
string[] pipelines = ["damage + noise(sigma=20)", "haze + compression", "blur + noise(sigma=10)"];
ulong seed = args.Length > 0 ? ulong.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture) : 4;

Scene scene = SceneGenerator.Create(seed, Height, Width, null, Parallelism.AllProcessors);
NetworkRestorer restorer = ModelZoo.LoadShipped("gir-v1");
var sheet = new ImageBuffer(3, (2 * Height) + Gap, (pipelines.Length * (Width + Gap)) - Gap);
sheet.Samples.Fill(1);
for (int i = 0; i < pipelines.Length; i++)
{
    ImageBuffer degraded = DegradationPipeline.Parse(pipelines[i]).Apply(scene.Image, seed, "scene", scene.Depth).Image;
    Put(degraded, 0, i);
    Put(restorer.Restore(degraded), Height + Gap, i);
}

ImageFile.Save("docs/images/gir-v1.png", sheet, overwrite: true);

void Put(ImageBuffer image, int top, int column)
{
    for (int c = 0; c < 3; c++)
    {
        for (int y = 0; y < Height; y++)
            image.Row(c, y).CopyTo(sheet.Row(c, top + y)[(column * (Width + Gap))..]);
    }
}
