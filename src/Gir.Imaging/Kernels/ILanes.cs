using System.Numerics;

namespace Gir.Imaging.Kernels;

/// <summary>
/// A register of samples. A kernel is written once over <typeparamref name="TSelf"/> and runs 512 bits, 256 bits or one lane wide: every width
/// performs the same rounded operations in the same order on each sample, and so gives the same bits.
/// </summary>
/// <remarks>
/// Lane i holds element i of the memory that was loaded. Multiply and add stay apart (never fused): a fused one would have to be
/// emulated, slowly, where the hardware has none.
/// A method that loops over lanes is optimized at once and never inlined: unoptimized, or in a caller that has used up what the compiler
/// inlines, every operation would be a call.
/// </remarks>
/// <typeparam name="TSelf">The register.</typeparam>
/// <typeparam name="T">The sample: float or double.</typeparam>
internal unsafe interface ILanes<TSelf, T>
    where TSelf : struct, ILanes<TSelf, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Samples in a register: a power of two, at most 16.</summary>
    static abstract int Count { get; }

    /// <summary>One sample in every lane.</summary>
    static abstract TSelf Of(T value);

    /// <summary>Reads <see cref="Count"/> samples, unaligned.</summary>
    static abstract TSelf Load(T* source);

    /// <summary>Writes <see cref="Count"/> samples, unaligned.</summary>
    static abstract void Store(TSelf value, T* target);

    static abstract TSelf operator +(TSelf left, TSelf right);

    static abstract TSelf operator -(TSelf left, TSelf right);

    static abstract TSelf operator *(TSelf left, TSelf right);

    static abstract TSelf operator /(TSelf left, TSelf right);

    /// <summary>left &lt; right ? left : right, as the hardware does it; of numbers alone.</summary>
    static abstract TSelf Min(TSelf left, TSelf right);

    /// <summary>left &gt; right ? left : right, as the hardware does it; of numbers alone.</summary>
    static abstract TSelf Max(TSelf left, TSelf right);

    static abstract TSelf Abs(TSelf value);

    static abstract TSelf Sqrt(TSelf value);

    static abstract TSelf Floor(TSelf value);

    /// <summary>Rounds half to even.</summary>
    static abstract TSelf Round(TSelf value);

    /// <summary>a &gt; b ? then : otherwise, lane by lane; false for NaN.</summary>
    static abstract TSelf IfGreater(TSelf a, TSelf b, TSelf then, TSelf otherwise);
}
