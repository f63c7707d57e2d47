using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>
/// The end of a contiguous row that is walked 16 elements at a time: its last 1 to 16 elements lie in the last lanes of one more vector, whose
/// other lanes repeat elements before them (or are 0 in a row of less than 16). Load it before the rest of the row is stored, and the row may
/// be worked on in place.
/// </summary>
internal readonly unsafe struct RowTail
{
    private readonly int _length;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public RowTail(int length)
    {
        _length = length;
        Whole = Math.Max(length - 1, 0) & ~15;
    }

    /// <summary>Elements in the whole vectors before the last one.</summary>
    public int Whole { get; }

    /// <summary>All bits in the lanes of the last elements, none in the others.</summary>
    public Vector512<float> Mask
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.GreaterThanOrEqual(Vector512<int>.Indices, Vector512.Create(16 - (_length - Whole))).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Load(float* row)
    {
        float* last = row + _length - 16;
        if (_length >= 16)
            return Vector512.Load(last);
        return Avx512F.IsSupported ? Avx512F.MaskLoad(last, Mask, Vector512<float>.Zero) : LoadShort(row, _length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(Vector512<float> value, float* row)
    {
        float* last = row + _length - 16;
        if (_length >= 16)
            value.Store(last);
        else if (Avx512F.IsSupported)
            Avx512F.MaskStore(last, Mask, value);
        else
            StoreShort(value, row, _length);
    }

    // Static, with lengths by value: a structure whose address is taken lives on the stack, and so would its reader's vectors.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector512<float> LoadShort(float* row, int length)
    {
        float* lanes = stackalloc float[16];
        Vector512<float>.Zero.Store(lanes);
        for (int i = 0; i < length; i++)
            lanes[16 - length + i] = row[i];
        return Vector512.Load(lanes);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StoreShort(Vector512<float> value, float* row, int length)
    {
        float* lanes = stackalloc float[16];
        value.Store(lanes);
        for (int i = 0; i < length; i++)
            row[i] = lanes[16 - length + i];
    }
}
