using Gir.Models.Tensors.Autograd;

namespace Gir.Models.Tensors;

public static partial class TensorOps
{
    /// <summary>Matrix product of the last two dimensions, batch dimensions broadcast; vectors as in NumPy.</summary>
    public static Tensor MatMul(this Tensor a, Tensor b)
    {
        if (a.Rank == 0 || b.Rank == 0)
            throw new TensorShapeException("matmul", $"{a.Shape} and {b.Shape}", "at least one dimension each");
        if (a.Rank == 1)
        {
            Tensor row = a.Reshape(1, a.Length).MatMul(b);
            return row.Reshape(RemoveAt(row.Shape, row.Rank - (b.Rank == 1 ? 1 : 2)));
        }

        if (b.Rank == 1)
        {
            Tensor column = a.MatMul(b.Reshape(b.Length, 1));
            return column.Reshape(RemoveAt(column.Shape, column.Rank - 1));
        }

        return Product(a, false, b, false);
    }

    /// <summary>a b^T over the last two dimensions: a [.., m, k], b [.., n, k], without moving b.</summary>
    public static Tensor MatMulTransposed(this Tensor a, Tensor b) => Product(a, false, b, true);

    /// <summary>x W^T + bias over the last dimension: x [.., k], weight [n, k], bias [n].</summary>
    public static Tensor Linear(this Tensor x, Tensor weight, Tensor? bias = null)
    {
        if (x.Rank < 1 || weight.Rank != 2 || weight.Shape[1] != x.Shape[-1])
            throw new TensorShapeException("linear", $"input {x.Shape}, weight {weight.Shape}", "input [.., k] and weight [n, k]");
        if (bias is not null && (bias.Rank != 1 || bias.Length != weight.Shape[0]))
            throw new TensorShapeException("linear", $"weight {weight.Shape}, bias {bias.Shape}", $"bias [{weight.Shape[0]}]");
        CheckEngine("linear", x, weight, bias);
        (int n, int k) = (weight.Shape[0], weight.Shape[1]);
        int rows = x.Rank == 2 ? x.Shape[0] : TensorShape.Create(x.Shape.Sizes[..^1]).Length;
        Tensor flat = x.Rank == 2 ? x : new Tensor(x.Backend, x.Storage, [rows, k]);
        Tensor y = Tensor.Empty(x.Shape.With(-1, n), x.Backend);
        MultiplyAddMeter.Count((long)rows * n * k);
        x.Backend.MatMul(flat, false, weight, true, bias, x.Rank == 2 ? y : new Tensor(y.Backend, y.Storage, [rows, n]));
        // In place of a missing bias stands x, whose gradient from there is null.
        return Tape.Record(y, "linear", [x, weight, bias ?? x], (X: x, Flat: flat, Weight: weight, Bias: bias), static (dy, s) =>
        {
            Tensor dflat = dy.Reshape(s.Flat.Shape[0], s.Weight.Shape[0]);
            return
            [
                s.X.IsSought ? Product(dflat, false, s.Weight, false).Reshape(s.X.Shape) : null,
                s.Weight.IsSought ? Product(dflat, true, s.X.Reshape(s.Flat.Shape), false) : null,
                s.Bias is { IsSought: true } ? dflat.Sum([0], keepDimensions: false) : null,
            ];
        });
    }

    /// <summary>softmax(scale q k^T + bias + mask) v for many windows (Vaswani et al. 2017; Liu et al. 2021 for bias and mask).</summary>
    /// <param name="q">[windows, heads, m, d].</param>
    /// <param name="k">[windows, heads, n, d].</param>
    /// <param name="v">[windows, heads, n, d].</param>
    /// <param name="scale">Multiplies the scores, usually 1 / sqrt d.</param>
    /// <param name="bias">Relative position bias [heads, m, n], or null.</param>
    /// <param name="mask">Shift mask [k, m, n], window w taking mask w mod k, or null; it has no gradient.</param>
    /// <returns>[windows, heads, m, d].</returns>
    public static Tensor Attention(Tensor q, Tensor k, Tensor v, float scale, Tensor? bias = null, Tensor? mask = null)
    {
        Check4d("attention", q);
        Check4d("attention", k);
        Check4d("attention", v);
        (int windows, int heads, int m, int d, int n) = (q.Shape[0], q.Shape[1], q.Shape[2], q.Shape[3], k.Shape[2]);
        if (!k.Shape.Is(windows, heads, n, d) || !v.Shape.Is(windows, heads, n, d))
            throw new TensorShapeException("attention", $"q {q.Shape}, k {k.Shape}, v {v.Shape}", $"k and v [{windows}, {heads}, n, {d}]");
        if (bias is not null && !bias.Shape.Is(heads, m, n))
            throw new TensorShapeException("attention", $"bias {bias.Shape}", $"[{heads}, {m}, {n}]");
        if (mask is not null && (mask.Rank != 3 || mask.Shape[1] != m || mask.Shape[2] != n || mask.Shape[0] < 1 || windows % mask.Shape[0] != 0))
            throw new TensorShapeException("attention", $"mask {mask.Shape} for {windows} windows", $"[k, {m}, {n}] with k dividing {windows}");
        CheckEngine("attention", q, k, v, bias, mask);

        bool differentiate = Tape.IsRecording && (q.IsTracked || k.IsTracked || v.IsTracked || bias is { IsTracked: true });
        if (!differentiate)
        {
            Tensor y = Tensor.Empty(q.Shape, q.Backend);
            MultiplyAddMeter.Count(2L * windows * heads * m * n * d);
            q.Backend.Attention(q, k, v, scale, bias, mask, y);
            KeepAlive(q, k, v, bias, mask);
            return y;
        }

        if (bias is null && mask is null && (long)m * n > LongAttention)
            return AttentionOfLongSequences(q, k, v, scale);

        // With gradients the scores are kept, so the parts do the same work as the fused kernel.
        Tensor scores = (q * scale).MatMulTransposed(k);
        if (bias is not null)
            scores += bias.Reshape(1, heads, m, n);
        if (mask is not null)
        {
            int k0 = mask.Shape[0];
            scores = (scores.Reshape(windows / k0, k0, heads, m, n) + mask.Reshape(1, k0, 1, m, n)).Reshape(windows, heads, m, n);
        }

        return scores.Softmax(-1).MatMul(v);
    }

    private static Tensor Product(Tensor a, bool transposeA, Tensor b, bool transposeB)
    {
        if (a.Rank < 2 || b.Rank < 2)
            throw new TensorShapeException("matmul", $"{a.Shape} and {b.Shape}", "at least two dimensions each");
        int m = a.Shape[transposeA ? -1 : -2];
        int k = a.Shape[transposeA ? -2 : -1];
        int n = b.Shape[transposeB ? -2 : -1];
        TensorShape? batch = a.Rank == 2 && b.Rank == 2 ? [] : TensorShape.Broadcast(Batch(a.Shape), Batch(b.Shape));
        if (batch is null || b.Shape[transposeB ? -1 : -2] != k)
        {
            throw new TensorShapeException(
                "matmul", $"{a.Shape}{(transposeA ? " transposed" : "")} and {b.Shape}{(transposeB ? " transposed" : "")}", $"{k} inner elements on both sides and batch dimensions that broadcast");
        }

        CheckEngine("matmul", a, b);
        TensorShape shape = batch.Value.Rank == 0 ? [m, n] : [.. batch.Value.Sizes, m, n];
        Tensor y = Tensor.Empty(shape, a.Backend);
        MultiplyAddMeter.Count((long)y.Length * k);
        a.Backend.MatMul(WithRank(a, shape.Rank), transposeA, WithRank(b, shape.Rank), transposeB, null, y);
        return Tape.Record(y, "matmul", [a, b], (A: a, TransposeA: transposeA, B: b, TransposeB: transposeB), static (dy, s) =>
        [
            s.A.IsSought ? (s.TransposeA ? Product(s.B, s.TransposeB, dy, true) : Product(dy, false, s.B, !s.TransposeB)).SumTo(s.A.Shape) : null,
            s.B.IsSought ? (s.TransposeB ? Product(dy, true, s.A, s.TransposeA) : Product(s.A, !s.TransposeA, dy, false)).SumTo(s.B.Shape) : null,
        ]);
    }

    private static TensorShape Batch(TensorShape shape) => TensorShape.Create(shape.Sizes[..^2]);

    private static Tensor WithRank(Tensor x, int rank)
    {
        if (x.Rank == rank)
            return x;
        var sizes = new int[rank];
        Array.Fill(sizes, 1);
        x.Shape.Sizes.CopyTo(sizes.AsSpan(rank - x.Rank));
        return new Tensor(x.Backend, x.Storage, TensorShape.Create(sizes));
    }

    private static TensorShape RemoveAt(TensorShape shape, int dimension) =>
        TensorShape.Create([.. shape.Sizes[..dimension], .. shape.Sizes[(dimension + 1)..]]);
}
