using Gir.Degradations.Blur;
using Gir.Degradations.Compression;
using Gir.Degradations.Noise;
using Gir.Degradations.Ringing;

namespace Gir.Degradations;

/// <summary>The list behind <see cref="DegradationCatalog.Standard"/>; a new operator is one more line here.</summary>
internal static class StandardOperators
{
    public static DegradationDescriptor[] Descriptors() =>
    [
        BlurDegradation.Descriptor,
        NoiseDegradation.Descriptor,
        CompressionDegradation.Descriptor,
        RingingDegradation.Descriptor,
    ];
}
