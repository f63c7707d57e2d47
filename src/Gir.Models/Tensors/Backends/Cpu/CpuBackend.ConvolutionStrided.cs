using Gir.Models.Tensors.Backends.Cpu.Kernels;

namespace Gir.Models.Tensors.Backends.Cpu;

public sealed unsafe partial class CpuBackend
{
    // Windows that tile the input: its pixels sorted by their place in the window are channels of a 1 x 1 convolution.
    private static bool IsPatches(in Conv2dGeometry g) =>
        g is { Stride: > 1, Padding: 0, Dilation: 1 } && g.KernelHeight == g.Stride && g.KernelWidth == g.Stride;

    private void ConvolvePatches(Tensor x, Tensor weight, Tensor? bias, in Conv2dGeometry g, int inputs, int outputs, Tensor y)
    {
        using HostScratch phases = SplitPhases(x, g.Stride, y.Shape);
        var job = new PointwiseConvolution(
            phases.Pointer, Of(weight), OfOptional(bias), Of(y), x.Shape[0], g.Groups, inputs * g.Stride * g.Stride, outputs, y.Shape[2] * y.Shape[3]);
        _pool.Run(job.Parts, job);
    }

    private void ConvolvePatchesInputGradient(Tensor dy, Tensor weight, Tensor? bias, in Conv2dGeometry g, int inputs, int outputs, Tensor dx)
    {
        (int rows, int columns, int taps) = (dy.Shape[2], dy.Shape[3], g.Stride * g.Stride);
        using HostScratch phases = Memory.Borrow(Math.Max(1, dx.Shape[0] * dx.Shape[1] * taps * rows * columns));
        TransposePointwise(Of(dy), weight, null, dx.Shape[0], g.Groups, inputs, outputs * taps, rows * columns, phases.Pointer);
        var job = new PhaseMergeJob
        {
            Phases = phases.Pointer, PlanePitch = (long)taps * rows * columns, Pitch = (nint)rows * columns, PhaseWidth = columns, Step = g.Stride,
            Rows = rows * g.Stride, Columns = columns * g.Stride, Bias = OfOptional(bias), Channels = dx.Shape[1], X = Of(dx), Height = dx.Shape[2], Width = dx.Shape[3],
        };
        _pool.Run(dx.Shape[0] * dx.Shape[1], job);
    }

    private void ConvolvePatchesWeightGradient(Tensor x, Tensor dy, in Conv2dGeometry g, int inputs, int outputs, Tensor dweight)
    {
        using HostScratch phases = SplitPhases(x, g.Stride, dy.Shape);
        (int, int) size = (dy.Shape[2], dy.Shape[3]);
        ConvolveWeightGradient(
            phases.Pointer, Of(dy), new WeightGradient(new Conv2dGeometry(1, 1, Groups: g.Groups), x.Shape[0], inputs * g.Stride * g.Stride, outputs, size, size), Of(dweight));
    }

    // Each residue of rows and columns is a convolution with stride 1; their results are interleaved afterwards.
    private void ConvolveStridedInputGradient(Tensor dy, Tensor weight, Tensor? bias, in Conv2dGeometry g, int inputs, int outputs, Tensor dx)
    {
        (int images, int channels, int taps) = (dx.Shape[0], dx.Shape[1], g.KernelHeight * g.KernelWidth);
        (int Height, int Width) phase = ((dx.Shape[2] + g.Stride - 1) / g.Stride, (dx.Shape[3] + g.Stride - 1) / g.Stride);
        int pitch = images * channels * phase.Height * phase.Width;
        using HostScratch phases = Memory.Borrow(checked(g.Stride * g.Stride * pitch));
        for (int residue = 0; residue < g.Stride * g.Stride; residue++)
        {
            var rows = ConvolutionAxis.Gradient(dx.Shape[2], g.KernelHeight, residue / g.Stride, g, apart: true);
            var columns = ConvolutionAxis.Gradient(dx.Shape[3], g.KernelWidth, residue % g.Stride, g, apart: true);
            ConvolveDirect(
                dy, Of(weight), (long)outputs * inputs * taps, taps, (long)outputs * taps, bias, g, rows, columns, inputs, outputs,
                phases.Pointer + ((long)residue * pitch), phase);
        }

        var job = new PhaseMergeJob
        {
            Phases = phases.Pointer, PlanePitch = (long)phase.Height * phase.Width, Pitch = pitch, PhaseWidth = phase.Width, Step = g.Stride,
            Rows = dx.Shape[2], Columns = dx.Shape[3], Channels = channels, X = Of(dx), Height = dx.Shape[2], Width = dx.Shape[3],
        };
        _pool.Run(images * channels, job);
    }

    private HostScratch SplitPhases(Tensor x, int step, TensorShape y)
    {
        int planes = x.Shape[0] * x.Shape[1];
        HostScratch phases = Memory.Borrow(Math.Max(1, planes * step * step * y[2] * y[3]));
        _pool.Run(planes, new PhaseSplitJob { X = Of(x), Plane = (long)x.Shape[2] * x.Shape[3], Width = x.Shape[3], Step = step, Rows = y[2], Columns = y[3], Phases = phases.Pointer });
        return phases;
    }

    /// <summary>A part is a plane.</summary>
    private struct PhaseSplitJob : IPoolJob
    {
        public float* X;
        public long Plane;
        public int Width;
        public int Step;
        public int Rows;
        public int Columns;
        public float* Phases;

        public readonly void Run(int part) =>
            PhasePlanes.Split(X + (part * Plane), Width, Step, Rows, Columns, Phases + ((long)part * Step * Step * Rows * Columns));
    }

    /// <summary>A part is a plane; what no phase reaches is the bias alone.</summary>
    private struct PhaseMergeJob : IPoolJob
    {
        public float* Phases;
        public long PlanePitch;
        public nint Pitch;
        public int PhaseWidth;
        public int Step;
        public int Rows;
        public int Columns;
        public float* Bias;
        public int Channels;
        public float* X;
        public int Height;
        public int Width;

        public readonly void Run(int part)
        {
            float start = Bias == null ? 0 : Bias[part % Channels];
            float* plane = X + ((long)part * Height * Width);
            PhasePlanes.Merge(Phases + (part * PlanePitch), Pitch, PhaseWidth, Step, Rows, Columns, start, plane, Width);
            for (int y = 0; y < Height; y++, plane += Width)
            {
                int reached = y < Rows ? Columns : 0;
                new Span<float>(plane + reached, Width - reached).Fill(start);
            }
        }
    }
}
