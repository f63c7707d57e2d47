using Gir.Imaging.Random;

namespace Gir.Imaging.Tests.Filtering;

/// <summary>Small inputs for filters.</summary>
internal static class Pictures
{
    private static readonly Lazy<SafeTensors> Inputs = new(() => SafeTensors.Load(TestData.Golden("degradations", "inputs.safetensors")));

    public static ImageBuffer Golden(string name) => Images.FromGolden(Inputs.Value, name);

    public static ImageBuffer Noise(int channels, int height, int width, ulong seed = 1)
    {
        var random = new PhiloxRandom(seed);
        var image = new ImageBuffer(channels, height, width);
        for (int i = 0; i < image.Samples.Length; i++)
            image.Samples[i] = (float)random.NextDouble();
        return image;
    }
}
