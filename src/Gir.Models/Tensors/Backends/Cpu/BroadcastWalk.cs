namespace Gir.Models.Tensors.Backends.Cpu;

/// <summary>
/// Walks a broadcast operation row by row: dimensions that both operands treat alike are merged, so that rows are as long as possible
/// and within a row each operand is either contiguous or one repeated element.
/// </summary>
internal readonly struct BroadcastWalk
{
    // Innermost first; entry 0 is the row.
    private readonly SmallList _sizes;
    private readonly SmallList _stepsA;
    private readonly SmallList _stepsB;

    public BroadcastWalk(TensorShape a, TensorShape b, TensorShape y)
    {
        (int strideA, int strideB) = (1, 1);
        for (int i = 1; i <= y.Rank; i++)
        {
            int size = y[-i];
            int sizeA = i <= a.Rank ? a[-i] : 1;
            int sizeB = i <= b.Rank ? b[-i] : 1;
            if (size == 1)
                continue;
            int stepA = sizeA == 1 ? 0 : strideA;
            int stepB = sizeB == 1 ? 0 : strideB;
            strideA *= sizeA;
            strideB *= sizeB;
            if (_sizes.Count > 0 && Merges(_stepsA.Last, _sizes.Last, stepA) && Merges(_stepsB.Last, _sizes.Last, stepB))
            {
                _sizes[_sizes.Count - 1] *= size;
                continue;
            }

            _sizes.Add(size);
            _stepsA.Add(stepA);
            _stepsB.Add(stepB);
        }

        RowLength = _sizes.Count > 0 ? _sizes[0] : 1;
        RepeatA = _sizes.Count > 0 && _stepsA[0] == 0;
        RepeatB = _sizes.Count > 0 && _stepsB[0] == 0;
        Rows = y.Length / Math.Max(RowLength, 1);
    }

    public int RowLength { get; }

    public int Rows { get; }

    public bool RepeatA { get; }

    public bool RepeatB { get; }

    /// <summary>Where a row begins in each operand.</summary>
    public (int A, int B) Offsets(int row)
    {
        (int a, int b) = (0, 0);
        for (int d = 1; d < _sizes.Count; d++)
        {
            (row, int at) = Math.DivRem(row, _sizes[d]);
            a += at * _stepsA[d];
            b += at * _stepsB[d];
        }

        return (a, b);
    }

    // An outer dimension continues the inner one where stepping over the inner one's end lands on the outer one's next.
    private static bool Merges(int innerStep, int innerSize, int outerStep) => outerStep == innerStep * innerSize;
}
