using Gir.Imaging;

namespace Gir.Degradations.Tests;

/// <summary>Operators against reference images.</summary>
internal static class Goldens
{
    /// <summary>Where the goldens lie: in the repository (synthetic scenes), or beside it (photographs).</summary>
    public static string Synthetic(string file) => TestData.Golden("degradations", file);

    public static string Photographs(string file) => TestData.Shared("golden", "photos", "degradations", file);

    /// <summary>The operator's result on an input of inputs.safetensors.</summary>
    public static ImageBuffer Degrade(Func<string, string> golden, string crop, IDegradation degradation)
    {
        ImageBuffer input = Images.FromGolden(SafeTensors.Load(golden("inputs.safetensors")), crop);
        return degradation.Apply(input, new DegradationContext(1));
    }

    /// <summary>At most one level off, on at most one sample in 5000: a sum that lies on a rounding tie may fall either way.</summary>
    public static void AssertSameLevels(ImageBuffer actual, byte[] expected, double fraction = 0.0002)
    {
        (int count, int max) = Images.LevelDifferences(Images.ToLevels(actual), expected);
        Assert.That(max, Is.LessThanOrEqualTo(1));
        Assert.That(count, Is.LessThanOrEqualTo(fraction * expected.Length));
    }
}
