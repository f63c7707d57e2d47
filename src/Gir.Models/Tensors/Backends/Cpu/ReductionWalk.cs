namespace Gir.Models.Tensors.Backends.Cpu;

/// <summary>
/// Splits a reduction into kept and reduced dimensions, neighbors of one kind merged. The innermost group is contiguous: either a run to
/// be summed, or a run of results.
/// </summary>
internal readonly struct ReductionWalk
{
    // Kept and reduced groups in turn, innermost first.
    private readonly SmallList _sizes;
    private readonly SmallList _strides;

    public ReductionWalk(TensorShape x, TensorShape y)
    {
        InnerIsReduced = true;
        bool isReduced = true;
        int stride = 1;
        for (int i = 1; i <= x.Rank; i++)
        {
            int size = x[-i];
            if (size == 1)
                continue;
            bool reduced = y[-i] == 1;
            if (_sizes.Count == 0)
                InnerIsReduced = reduced;
            if (_sizes.Count > 0 && reduced == isReduced)
            {
                _sizes[_sizes.Count - 1] *= size;
            }
            else
            {
                _sizes.Add(size);
                _strides.Add(stride);
            }

            isReduced = reduced;
            stride *= size;
        }

        InnerLength = _sizes.Count == 0 ? 1 : _sizes[0];
        (KeptCount, ReducedCount) = (1, 1);
        for (int d = 1; d < _sizes.Count; d++)
        {
            if (IsReduced(d))
                ReducedCount *= _sizes[d];
            else
                KeptCount *= _sizes[d];
        }
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
    public int KeptOffset(int index) => Offset(index, reduced: false);

    /// <summary>Offset in x of an outer summed position.</summary>
    public int ReducedOffset(int index) => Offset(index, reduced: true);

    private bool IsReduced(int group) => (group % 2 == 0) == InnerIsReduced;

    private int Offset(int index, bool reduced)
    {
        int offset = 0;
        for (int d = 1; d < _sizes.Count; d++)
        {
            if (IsReduced(d) != reduced)
                continue;
            (index, int at) = Math.DivRem(index, _sizes[d]);
            offset += at * _strides[d];
        }

        return offset;
    }
}
