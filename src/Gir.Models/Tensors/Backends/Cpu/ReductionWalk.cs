namespace Gir.Models.Tensors.Backends.Cpu;

/// <summary>
/// Splits a reduction into kept and reduced dimensions, neighbours of one kind merged. The innermost group is contiguous: either a run to
/// be summed, or a run of results.
/// </summary>
internal sealed class ReductionWalk
{
    private readonly List<(int Size, int Stride)> _kept = [];
    private readonly List<(int Size, int Stride)> _reduced = [];

    public ReductionWalk(TensorShape x, TensorShape y)
    {
        var groups = new List<(int Size, int Stride, bool Reduced)>();
        int stride = 1;
        for (int i = 1; i <= x.Rank; i++)
        {
            int size = x[-i];
            if (size != 1)
            {
                bool reduced = y[-i] == 1;
                if (groups.Count > 0 && groups[^1].Reduced == reduced && groups[^1].Stride * groups[^1].Size == stride)
                    groups[^1] = (groups[^1].Size * size, groups[^1].Stride, reduced);
                else
                    groups.Add((size, stride, reduced));
            }

            stride *= size;
        }

        InnerIsReduced = groups.Count == 0 || groups[0].Reduced;
        InnerLength = groups.Count == 0 ? 1 : groups[0].Size;
        foreach ((int size, int step, bool reduced) in groups.Skip(1))
            (reduced ? _reduced : _kept).Add((size, step));
        KeptCount = _kept.Aggregate(1, (n, d) => n * d.Size);
        ReducedCount = _reduced.Aggregate(1, (n, d) => n * d.Size);
    }

    /// <summary>Whether the contiguous run is summed (else it is a run of results).</summary>
    public bool InnerIsReduced { get; }

    /// <summary>Length of the contiguous run.</summary>
    public int InnerLength { get; }

    /// <summary>Outer positions of the result.</summary>
    public int KeptCount { get; }

    /// <summary>Outer positions summed for each result.</summary>
    public int ReducedCount { get; }

    /// <summary>Offset in x of an outer position of the result.</summary>
    public int KeptOffset(int index) => Offset(_kept, index);

    /// <summary>Offset in x of an outer summed position.</summary>
    public int ReducedOffset(int index) => Offset(_reduced, index);

    private static int Offset(List<(int Size, int Stride)> dimensions, int index)
    {
        int offset = 0;
        foreach ((int size, int stride) in dimensions)
        {
            offset += index % size * stride;
            index /= size;
        }

        return offset;
    }
}
