using Gir.Models.Tensors.Autograd;

namespace Gir.Models.Tensors;

public static partial class TensorOps
{
    // From so many scores of one head on they are not kept for the way back: 4096 tokens have 64 MiB of them.
    private const long LongAttention = 1 << 16;

    // Scores that the way back makes again at a time, over all images and heads.
    private const long ScoresAtOnce = 1 << 21;

    /// <summary>
    /// The same as its parts, with scores that are made twice: some queries at a time on the way back, whose gradients of keys and values add up in the queries' order
    /// (Rabe, Staats: "Self-attention Does Not Need O(n^2) Memory", 2021).
    /// </summary>
    private static Tensor AttentionOfLongSequences(Tensor q, Tensor k, Tensor v, float scale)
    {
        Tensor y = Tensor.Empty(q.Shape, q.Backend);
        MultiplyAddMeter.Count(2L * q.Length * k.Shape[2]);
        q.Backend.Attention(q, k, v, scale, null, null, y);
        return Tape.Record(y, "attention", [q, k, v], (Q: q, K: k, V: v, Scale: scale), static (dy, s) => AttentionGradient(dy, s.Q, s.K, s.V, s.Scale));
    }

    private static Tensor?[] AttentionGradient(Tensor dy, Tensor q, Tensor k, Tensor v, float scale)
    {
        using Tape.NoGradientScope quiet = Tape.NoGradient();
        (int batch, int heads, int m, int n) = (q.Shape[0], q.Shape[1], q.Shape[2], k.Shape[2]);
        (Tensor dq, Tensor dk, Tensor dv) = (Tensor.Empty(q.Shape, q.Backend), Tensor.Zeros(k.Shape, k.Backend), Tensor.Zeros(v.Shape, v.Backend));
        int rows = (int)Math.Clamp(ScoresAtOnce / Math.Max((long)batch * heads * n, 1), 1, m);
        for (int first = 0; first < m; first += rows)
        {
            using TensorScope scope = TensorScope.Enter();
            int count = Math.Min(rows, m - first);
            Tensor some = q.Narrow(2, first, count) * scale;
            Tensor above = dy.Narrow(2, first, count);
            Tensor shares = some.MatMulTransposed(k).Softmax(-1);
            Tensor dscores = Tensor.Empty(shares.Shape, q.Backend);
            Tensor dshares = above.MatMulTransposed(v);
            q.Backend.SoftmaxGradient(shares, dshares, Extent(shares.Shape, 3, 1), false, dscores);
            q.Backend.PutSlice(dscores.MatMul(k) * scale, [0, 0, first, 0], [1, 1, 1, 1], dq);
            q.Backend.AddScaled(Product(dscores, true, some, false), 1, dk);
            q.Backend.AddScaled(Product(shares, true, above, false), 1, dv);
            KeepAlive(dshares, dscores);
        }

        return [dq, dk, dv];
    }
}
