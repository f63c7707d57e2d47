namespace Gir.Imaging.Kernels;

/// <summary>A kernel that turns consecutive Philox blocks into elements.</summary>
internal interface IPhiloxFill<T>
    where T : unmanaged
{
    /// <summary>Elements made from one block.</summary>
    static abstract int PerBlock { get; }

    /// <summary>Fills from the start of a block; the length is a multiple of <see cref="PerBlock"/>.</summary>
    static abstract void Fill(Span<T> destination, ulong seed, uint stream, ulong firstBlock);
}
