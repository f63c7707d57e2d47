using Gir.Models.Tensors.Backends.Cpu.Kernels;

namespace Gir.Models.Tensors.Backends.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void WindowAttention(Tensor queries, Tensor keysAndValues, in AttentionWindows windows, Tensor? bias, Tensor? mask, Tensor y)
    {
        if (y.Length == 0)
            return;
        int width = y.Shape[3];
        var job = new WindowAttentionJob
        {
            Windows = windows, Height = y.Shape[1], Width = y.Shape[2], Channels = width, QueryPitch = queries.Shape[3], KeyPitch = keysAndValues.Shape[3],
            Queries = Of(queries), Keys = Of(keysAndValues) + keysAndValues.Shape[3] - (2 * width), Bias = OfOptional(bias), Mask = OfOptional(mask),
            Masks = mask?.Shape[0] ?? 1, Y = Of(y),
        };
        _pool.Run(y.Shape[0] * job.Rows * job.Columns, job);
    }

    /// <summary>A window with all its heads is a part: heads share the cache lines of their tokens.</summary>
    private struct WindowAttentionJob : IPoolJob
    {
        public AttentionWindows Windows;
        public int Height;
        public int Width;
        public int Channels;
        public int QueryPitch;
        public int KeyPitch;
        public float* Queries;
        public float* Keys;
        public float* Bias;
        public float* Mask;
        public int Masks;
        public float* Y;

        public readonly int Rows => Height / Windows.Size;

        public readonly int Columns => Width / Windows.Size;

        public readonly void Run(int part)
        {
            (int m, int n, int d) = (Windows.Queries, Windows.Keys, Channels / Windows.Heads);
            // Rows of values and results on whole vectors.
            int pitch = (d + 15) / 16 * 16;
            float* q = ThreadScratch.Rent(((long)(m + n) * (d + pitch)) + AttentionWindow.ScratchLength(m, n, d) + 16);
            float* v = (float*)(((nint)(q + ((long)m * d)) + 63) & ~63);
            float* y = v + ((long)n * pitch);
            float* k = y + ((long)m * pitch);
            float* scratch = k + ((long)n * d);
            long image = part / (Rows * Columns);
            int top = part / Columns % Rows * Windows.Size;
            int left = part % Columns * Windows.Size;
            float* mask = Mask == null ? null : Mask + ((long)(part % Masks) * m * n);
            int margin = (Windows.KeySize - Windows.Size) / 2;
            var queries = new TokenWindow(Height, Width, top + Windows.Shift, left + Windows.Shift, Windows.Size);
            var keys = new TokenWindow(Height, Width, top + Windows.Shift - margin, left + Windows.Shift - margin, Windows.KeySize);
            for (int head = 0; head < Windows.Heads; head++)
            {
                int channel = head * d;
                queries.Gather(Queries + (image * Height * Width * QueryPitch) + channel, QueryPitch, d, q, d, wraps: true);
                float* key = Keys + (image * Height * Width * KeyPitch) + channel;
                keys.Gather(key, KeyPitch, d, k, d, wraps: margin == 0);
                keys.Gather(key + Channels, KeyPitch, d, v, pitch, wraps: margin == 0);
                float* bias = Bias == null ? null : Bias + ((long)head * m * n);
                AttentionWindow.Run(q, k, v, pitch, Windows.Scale, bias, mask, y, pitch, m, n, d, scratch);
                queries.Scatter(y, pitch, d, Y + (image * Height * Width * Channels) + channel, Channels);
            }
        }
    }
}
