using Gir.Imaging;
using Gir.Imaging.Random;
using Gir.Models.Backbones.SrResNet;
using Gir.Models.Nn;
using Gir.Models.Restoration;
using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Tests.Restoration;

/// <summary>Networks and images for tests of restorers.</summary>
internal static class Networks
{
    /// <summary>A quick network with random weights and 16 channels, so that Winograd's algorithm applies.</summary>
    public static RestorationNetwork Small(int channels = 3) =>
        new("small", new SrResNet(new SrResNetOptions { InputChannels = channels, OutputChannels = channels, Features = 16, Blocks = 1 }))
        {
            InputChannels = channels,
            OutputChannels = channels,
        };

    public static RestorationNetwork Of(Func<Tensor, Tensor> function) => new("function", new Function(function));

    /// <summary>The identity, which tells of each of its inputs.</summary>
    public static Tensor Note(Tensor x, Action<Tensor> told)
    {
        told(x);
        return x * 1f;
    }

    public static ImageBuffer Noise(int channels, int height, int width, ulong seed = 7)
    {
        var random = new PhiloxRandom(seed);
        var image = new ImageBuffer(channels, height, width);
        foreach (ref float sample in image.Samples)
            sample = (float)random.NextDouble();
        return image;
    }

    public static double Difference(ImageBuffer actual, ImageBuffer expected) =>
        Images.MaxDifference(actual.Samples, Array.ConvertAll(expected.Array, v => (double)v));
}
