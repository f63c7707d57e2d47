using System.Buffers;
using Gir.Models.Tensors.Backends.Cpu.Kernels;

namespace Gir.Models.Tensors.Backends.Cpu;

public sealed unsafe partial class CpuBackend
{
    // Elements of a band's window matrix: it should stay in the L2 cache.
    private const int BandElements = 192 * 1024;

    /// <summary>Any convolution, by a window matrix: the path of machines without AVX-512.</summary>
    internal void ConvolveGeneral(Tensor x, Tensor weight, Tensor? bias, in Conv2dGeometry geometry, Tensor y)
    {
        Conv2dGeometry g = geometry;
        var s = new ConvolutionSizes(x.Shape, weight.Shape, y.Shape, g);
        Parallel(s.Images * g.Groups * s.Bands, part =>
        {
            (int image, int group, int row, int rows) = s.Part(part, g.Groups);
            int pitch = rows * s.OutputWidth;
            float[] scratch = ArrayPool<float>.Shared.Rent(s.Taps * pitch);
            fixed (float* matrix = scratch)
            {
                float* input = Of(x) + ((((long)image * x.Shape[1]) + (group * s.InputsPerGroup)) * s.InputPlane);
                Im2Col.Forward(input, s.InputsPerGroup, x.Shape[2], x.Shape[3], g, s.OutputWidth, row, rows, matrix, pitch);
                int first = group * s.OutputsPerGroup;
                float* target = Of(y) + ((((long)image * y.Shape[1]) + first) * s.OutputPlane) + ((long)row * s.OutputWidth);
                for (int o = 0; o < s.OutputsPerGroup && bias is not null; o++)
                    new Span<float>(target + (o * s.OutputPlane), pitch).Fill(Of(bias)[first + o]);
                GemmTile.Run(Of(weight) + ((long)first * s.Taps), s.Taps, matrix, pitch, target, s.OutputPlane, s.OutputsPerGroup, pitch, s.Taps, bias is not null);
            }

            ArrayPool<float>.Shared.Return(scratch);
        });
    }

    internal void ConvolveInputGradientGeneral(Tensor dy, Tensor weight, Tensor? bias, in Conv2dGeometry geometry, Tensor dx)
    {
        Conv2dGeometry g = geometry;
        var s = new ConvolutionSizes(dx.Shape, weight.Shape, dy.Shape, g);
        float[] turned = ArrayPool<float>.Shared.Rent(weight.Length);
        fixed (float* pinned = turned)
        {
            nint transposed = (nint)pinned;
            // [o, taps] of each group to [taps, o].
            Parallel(g.Groups, group => TransposeBlock.Run(
                Of(weight) + ((long)group * s.OutputsPerGroup * s.Taps), s.Taps, 1, (float*)transposed + ((long)group * s.OutputsPerGroup * s.Taps),
                s.OutputsPerGroup, s.OutputsPerGroup, 0, s.Taps));
            // Bands of one image overlap in dx, so an image's group is one part.
            Parallel(s.Images * g.Groups, part =>
            {
                (int image, int group) = (part / g.Groups, part % g.Groups);
                float* target = Of(dx) + ((((long)image * dx.Shape[1]) + (group * s.InputsPerGroup)) * s.InputPlane);
                for (int c = 0; c < s.InputsPerGroup; c++)
                    new Span<float>(target + (c * s.InputPlane), s.InputPlane).Fill(bias is null ? 0 : Of(bias)[(group * s.InputsPerGroup) + c]);
                float[] scratch = ArrayPool<float>.Shared.Rent(s.Taps * s.BandRows * s.OutputWidth);
                fixed (float* matrix = scratch)
                {
                    for (int row = 0; row < s.OutputHeight; row += s.BandRows)
                    {
                        int rows = Math.Min(s.BandRows, s.OutputHeight - row);
                        int pitch = rows * s.OutputWidth;
                        float* source = Of(dy) + ((((long)image * dy.Shape[1]) + (group * s.OutputsPerGroup)) * s.OutputPlane) + ((long)row * s.OutputWidth);
                        GemmTile.Run(
                            (float*)transposed + ((long)group * s.OutputsPerGroup * s.Taps), s.OutputsPerGroup, source, s.OutputPlane, matrix, pitch, s.Taps, pitch,
                            s.OutputsPerGroup, accumulate: false);
                        Im2Col.Backward(matrix, pitch, s.InputsPerGroup, dx.Shape[2], dx.Shape[3], g, s.OutputWidth, row, rows, target);
                    }
                }

                ArrayPool<float>.Shared.Return(scratch);
            });
        }

        ArrayPool<float>.Shared.Return(turned);
    }

    internal void ConvolveWeightGradientGeneral(Tensor x, Tensor dy, in Conv2dGeometry geometry, Tensor dweight)
    {
        Conv2dGeometry g = geometry;
        var s = new ConvolutionSizes(x.Shape, dweight.Shape, dy.Shape, g);
        // One part per group and input channel: its sum runs over images and bands in order.
        int taps = g.KernelHeight * g.KernelWidth;
        Parallel(g.Groups * s.InputsPerGroup, part =>
        {
            (int group, int c) = (part / s.InputsPerGroup, part % s.InputsPerGroup);
            int pixels = s.BandRows * s.OutputWidth;
            float[] scratch = ArrayPool<float>.Shared.Rent((2 * taps * pixels) + (s.OutputsPerGroup * taps));
            fixed (float* matrix = scratch)
            {
                float* turned = matrix + (taps * pixels);
                float* sums = turned + (taps * pixels);
                new Span<float>(sums, s.OutputsPerGroup * taps).Clear();
                for (int image = 0; image < s.Images; image++)
                {
                    float* input = Of(x) + ((((long)image * x.Shape[1]) + (group * s.InputsPerGroup) + c) * s.InputPlane);
                    for (int row = 0; row < s.OutputHeight; row += s.BandRows)
                    {
                        int rows = Math.Min(s.BandRows, s.OutputHeight - row);
                        int pitch = rows * s.OutputWidth;
                        Im2Col.Forward(input, 1, x.Shape[2], x.Shape[3], g, s.OutputWidth, row, rows, matrix, pitch);
                        TransposeBlock.Run(matrix, pitch, 1, turned, taps, taps, 0, pitch);
                        float* gradient = Of(dy) + ((((long)image * dy.Shape[1]) + (group * s.OutputsPerGroup)) * s.OutputPlane) + ((long)row * s.OutputWidth);
                        GemmTile.Run(gradient, s.OutputPlane, turned, taps, sums, taps, s.OutputsPerGroup, taps, pitch, accumulate: true);
                    }
                }

                for (int o = 0; o < s.OutputsPerGroup; o++)
                {
                    float* target = Of(dweight) + (((((long)group * s.OutputsPerGroup) + o) * s.InputsPerGroup) + c) * taps;
                    new Span<float>(sums + (o * taps), taps).CopyTo(new Span<float>(target, taps));
                }
            }

            ArrayPool<float>.Shared.Return(scratch);
        });
    }

    /// <summary>The sizes of a convolution and its split into bands of output rows.</summary>
    private readonly struct ConvolutionSizes
    {
        public ConvolutionSizes(TensorShape x, TensorShape weight, TensorShape y, in Conv2dGeometry g)
        {
            Images = x[0];
            InputsPerGroup = weight[1];
            OutputsPerGroup = weight[0] / g.Groups;
            InputPlane = x[2] * x[3];
            (OutputHeight, OutputWidth) = (y[2], y[3]);
            OutputPlane = OutputHeight * OutputWidth;
            Taps = InputsPerGroup * g.KernelHeight * g.KernelWidth;
            BandRows = Math.Clamp(BandElements / Math.Max(1, Taps * OutputWidth), 1, Math.Max(1, OutputHeight));
            Bands = (OutputHeight + BandRows - 1) / BandRows;
        }

        public int Images { get; }

        public int InputsPerGroup { get; }

        public int OutputsPerGroup { get; }

        public int InputPlane { get; }

        public int OutputHeight { get; }

        public int OutputWidth { get; }

        public int OutputPlane { get; }

        public int Taps { get; }

        public int BandRows { get; }

        public int Bands { get; }

        public (int Image, int Group, int Row, int Rows) Part(int part, int groups)
        {
            int row = part % Bands * BandRows;
            return (part / Bands / groups, part / Bands % groups, row, Math.Min(BandRows, OutputHeight - row));
        }
    }
}
