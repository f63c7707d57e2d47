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

namespace Gir.Degradations;

/// <summary>The list behind <see cref="DegradationCatalog.Standard"/>; a new operator is one more line here.</summary>
internal static class StandardOperators
{
    public static DegradationDescriptor[] Descriptors() =>
    [
        ResizeDegradation.Descriptor,
        BlurDegradation.Descriptor,
        NoiseDegradation.Descriptor,
        CompressionDegradation.Descriptor,
        RingingDegradation.Descriptor,
        AlgorithmArtifactDegradation.Descriptor,
        DamageDegradation.Descriptor,
        RainDegradation.Descriptor,
        HazeDegradation.Descriptor,
        SnowDegradation.Descriptor,
    ];
}
