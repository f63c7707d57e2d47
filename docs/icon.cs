#:project ../src/Gir.Degradations/Gir.Degradations.csproj
#:property PublishAot=false
// Makes src/icon.png, the packages' icon: hills under a sun, degraded on the left, clean on the right of a diagonal.
// Run from the repository's root: dotnet run docs/icon.cs
using Gir.Degradations;
using Gir.Imaging;
using Gir.Imaging.Codecs;

const int Size = 128;
const int Fine = 4;
var drawing = new ImageBuffer(3, Size * Fine, Size * Fine);
for (int y = 0; y < drawing.Height; y++)
{
    for (int x = 0; x < drawing.Width; x++)
    {
        float[] color = Color((x + 0.5) / drawing.Width, (y + 0.5) / drawing.Height);
        for (int c = 0; c < 3; c++)
            drawing.Row(c, y)[x] = color[c];
    }
}

ImageBuffer clean = Shrink(drawing);
ImageBuffer degraded = DegradationPipeline.Parse("blur(size=11,sigma=2) + noise(sigma=25)").Apply(clean, seed: 7, imageKey: "icon").Image;
for (int c = 0; c < 3; c++)
{
    for (int y = 0; y < Size; y++)
    {
        int border = Size - 8 - (int)(0.9 * y);
        int split = Math.Clamp(border, 0, Size);
        degraded.Row(c, y)[..split].CopyTo(clean.Row(c, y));
        for (int x = Math.Max(split - 2, 0); x < Math.Min(split + 2, Size); x++)
            clean.Row(c, y)[x] = 1;
    }
}

ImageFile.Save("src/icon.png", clean, overwrite: true);
Console.WriteLine($"src/icon.png: {clean}, {new FileInfo("src/icon.png").Length} bytes");

static float[] Color(double x, double y)
{
    if (Math.Pow(x - 0.68, 2) + Math.Pow(y - 0.3, 2) < 0.022)
        return [1f, 0.83f, 0.35f];
    if (y > 0.72 - (0.12 * Math.Sin((x * 5.2) + 0.4)))
        return [0.09f, 0.36f, 0.33f];
    if (y > 0.6 - (0.14 * Math.Cos((x * 6.1) + 1.9)))
        return [0.16f, 0.52f, 0.47f];
    return [(float)(0.16 + (0.3 * y)), (float)(0.37 + (0.38 * y)), (float)(0.68 + (0.22 * y))];
}

static ImageBuffer Shrink(ImageBuffer image)
{
    var small = new ImageBuffer(image.Channels, image.Height / Fine, image.Width / Fine);
    for (int c = 0; c < image.Channels; c++)
    {
        for (int y = 0; y < image.Height; y++)
        {
            for (int x = 0; x < image.Width; x++)
                small.Row(c, y / Fine)[x / Fine] += image.Row(c, y)[x] / (Fine * Fine);
        }
    }

    return small;
}
