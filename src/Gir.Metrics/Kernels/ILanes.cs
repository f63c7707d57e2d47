namespace Gir.Metrics.Kernels;

/// <summary>
/// A few doubles worked on at once. A kernel is written once over <typeparamref name="T"/> and runs eight, four or one
/// lane wide; as every lane does the same rounded operations, all widths give the same bits. No fused multiply-add.
/// </summary>
internal interface ILanes<T>
    where T : struct, ILanes<T>
{
    /// <summary>Lanes: 8, 4 or 1, so that every width divides 8.</summary>
    static abstract int Count { get; }

    /// <summary>The same value in every lane.</summary>
    static abstract T Of(double value);

    /// <summary>Count doubles, unaligned.</summary>
    static abstract unsafe T Load(double* source);

    /// <summary>Count float samples of nominal range [0, 1] as levels 0..255: the float product 255 v, widened.</summary>
    static abstract unsafe T LoadLevels(float* source);

    /// <summary>Writes Count doubles, unaligned.</summary>
    static abstract unsafe void Store(T value, double* target);

    static abstract T operator +(T left, T right);

    static abstract T operator -(T left, T right);

    static abstract T operator *(T left, T right);

    static abstract T operator /(T left, T right);

    static abstract T Abs(T value);

    static abstract T Sqrt(T value);

    static abstract T Floor(T value);

    /// <summary>Rounds half to even.</summary>
    static abstract T Round(T value);

    /// <summary>a &gt; b ? then : otherwise, lane by lane; false for NaN.</summary>
    static abstract T IfGreater(T a, T b, T then, T otherwise);
}
