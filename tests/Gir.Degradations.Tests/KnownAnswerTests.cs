using Gir.Degradations.AlgorithmArtifact;
using Gir.Degradations.Blur;
using Gir.Degradations.Compression;
using Gir.Degradations.Damage;
using Gir.Degradations.Haze;
using Gir.Degradations.Noise;
using Gir.Degradations.Rain;
using Gir.Degradations.Resize;
using Gir.Degradations.Ringing;
using Gir.Degradations.Snow;
using Gir.Imaging;

namespace Gir.Degradations.Tests;

/// <summary>
/// Hashes of results, noted once: they change only when an operator's definition changes, which breaks the replay of old records, and they
/// are the same for every vector width (the suite runs with wide vectors off as well).
/// </summary>
[TestFixture]
public sealed class KnownAnswerTests
{
    public static IEnumerable<TestCaseData> Answers()
    {
        yield return Case(new AlgorithmArtifactDegradation(), "xxh64:8fe3157994d8bcb4");
        yield return Case(new DamageDegradation(), "xxh64:13c1108fb521c119");
        yield return Case(new RainDegradation(), "xxh64:d2bb0f6d30d6410a");
        yield return Case(new RainDegradation { Drops = 9, Blend = RainBlend.Screen }, "xxh64:2810f422df78ff9c");
        yield return Case(new HazeDegradation(), "xxh64:dbcabc1141c3d219");
        yield return Case(new SnowDegradation(), "xxh64:271f25a21ab85c3d");
        yield return Case(new ResizeDegradation(), "xxh64:c20899914b4f8720");
        yield return Case(new BlurDegradation(), "xxh64:a2cdfa924d88a1e7");
        yield return Case(new BlurDegradation { Kind = BlurKind.Motion, Angle = 30 }, "xxh64:57bbf8be89bea734");
        yield return Case(new NoiseDegradation(), "xxh64:95a3539fbe772930");
        yield return Case(new NoiseDegradation { Gray = true }, "xxh64:1fc798c08b4761d2");
        yield return Case(new NoiseDegradation { Kind = NoiseKind.Poisson }, "xxh64:83a50bffab5605cc");
        yield return Case(new NoiseDegradation { Kind = NoiseKind.Speckle }, "xxh64:c7712852c8e00399");
        yield return Case(new NoiseDegradation { Kind = NoiseKind.SaltAndPepper }, "xxh64:affe869843d96f8a");
        yield return Case(new CompressionDegradation(), "xxh64:64b3b701749a72df");
        yield return Case(new CompressionDegradation { Kind = CompressionKind.DiffJpeg }, "xxh64:563373cf8270c6ee");
        yield return Case(new RingingDegradation(), "xxh64:480e893779c53fe5");
    }

    [TestCaseSource(nameof(Answers))]
    public void The_same_seed_gives_the_same_bits(IDegradation degradation, string hash)
    {
        ImageBuffer image = Patches.Random(3, 67, 91, 21);
        ImageBuffer result = degradation.Apply(image, new DegradationContext(42) { Depth = TestImages.Depth(67, 91) });
        Assert.That(RunObserver.HashOf(result), Is.EqualTo(hash));
    }

    private static TestCaseData Case(IDegradation degradation, string hash) =>
        new TestCaseData(degradation, hash).SetArgDisplayNames(degradation.Name, hash);
}
