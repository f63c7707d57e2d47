using System.Numerics;
using Gir.Imaging.Kernels;

namespace Gir.Imaging.Filtering;

/// <summary>Stores the rows as they come.</summary>
internal readonly unsafe struct StoreSink<T>(T[] destination, int width) : IRowSink<T>
    where T : unmanaged
{
    public void Accept(int row, T* samples) =>
        new ReadOnlySpan<T>(samples, width).CopyTo(destination.AsSpan(row * width, width));
}

/// <summary>Stores observed / (row + epsilon).</summary>
internal readonly unsafe struct RatioSink<T>(T[] observed, T[] ratio, T epsilon, int width) : IRowSink<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public void Accept(int row, T* samples)
    {
        fixed (T* o = observed, r = ratio)
            RichardsonLucyRows.Ratio(o + ((nint)row * width), samples, epsilon, r + ((nint)row * width), width);
    }
}

/// <summary>Multiplies an image by the rows.</summary>
internal readonly unsafe struct MultiplySink<T>(T[] estimate, int width) : IRowSink<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public void Accept(int row, T* samples)
    {
        fixed (T* e = estimate)
            RichardsonLucyRows.Multiply(e + ((nint)row * width), samples, width);
    }
}
