namespace Gir.Models.Tensors.Backends.Cpu;

/// <summary>
/// Walks a broadcast operation row by row: dimensions that both operands treat alike are merged, so that rows are as long as possible
/// and within a row each operand is either contiguous or one repeated element.
/// </summary>
internal readonly struct BroadcastWalk
{
    private readonly int[] _sizes;
    private readonly int[] _stepsA;
    private readonly int[] _stepsB;

    public BroadcastWalk(TensorShape a, TensorShape b, TensorShape y)
    {
        var sizes = new List<int>();
        var stepsA = new List<int>();
        var stepsB = new List<int>();
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
            if (sizes.Count > 0 && Merges(stepsA[^1], sizes[^1], stepA) && Merges(stepsB[^1], sizes[^1], stepB))
            {
                sizes[^1] *= size;
                continue;
            }

            sizes.Add(size);
            stepsA.Add(stepA);
            stepsB.Add(stepB);
        }

        RowLength = sizes.Count > 0 ? sizes[0] : 1;
        RepeatA = sizes.Count > 0 && stepsA[0] == 0;
        RepeatB = sizes.Count > 0 && stepsB[0] == 0;
        Rows = y.Length / Math.Max(RowLength, 1);
        _sizes = [.. sizes.Skip(1)];
        _stepsA = [.. stepsA.Skip(1)];
        _stepsB = [.. stepsB.Skip(1)];
    }

    public int RowLength { get; }

    public int Rows { get; }

    public bool RepeatA { get; }

    public bool RepeatB { get; }

    /// <summary>Where a row begins in each operand.</summary>
    public (int A, int B) Offsets(int row)
    {
        (int a, int b) = (0, 0);
        for (int d = 0; d < _sizes.Length; d++)
        {
            int at = row % _sizes[d];
            row /= _sizes[d];
            a += at * _stepsA[d];
            b += at * _stepsB[d];
        }

        return (a, b);
    }

    // An outer dimension continues the inner one where stepping over the inner one's end lands on the outer one's next.
    private static bool Merges(int innerStep, int innerSize, int outerStep) => outerStep == innerStep * innerSize;
}
