using Gir.Imaging.Random;

namespace Gir.Degradations;

/// <summary>The random kernel size of blur and ringing.</summary>
internal static class RandomSize
{
    /// <summary>Odd, 7..23 (paper) or 7..21 (generator), each equally likely.</summary>
    public static int Draw(PhiloxRandom random, RandomRange range) =>
        (2 * random.NextInteger(3, range == RandomRange.Generator ? 10 : 11)) + 1;
}
