using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Gir.Models.Tensors.Backends.Cpu.Kernels;

namespace Gir.Models.Tensors.Backends.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Conv2dWeightGradient(Tensor x, Tensor dy, in Conv2dGeometry geometry, Tensor dweight)
    {
        int inputs = dweight.Shape[1];
        int outputs = dweight.Shape[0] / geometry.Groups;
        if (!Avx512F.IsSupported)
        {
            ConvolveWeightGradientGeneral(x, dy, geometry, dweight);
        }
        else if (inputs == 1 && outputs == 1)
        {
            ConvolveDepthwiseWeightGradient(x, dy, geometry, dweight);
        }
        else if (WinogradForm(geometry, inputs, outputs, dy.Shape) is { Points: WinogradPoints.Count } tile)
        {
            ConvolveWinogradWeightGradient(x, dy, geometry.Padding, tile, dweight);
        }
        else if (IsPatches(geometry))
        {
            ConvolvePatchesWeightGradient(x, dy, geometry, inputs, outputs, dweight);
        }
        else if (HasFewOutputs(geometry, inputs, outputs))
        {
            ConvolveExchangedWeightGradient(x, dy, geometry, dweight);
        }
        else
        {
            ConvolveWeightGradient(
                Of(x), Of(dy), new WeightGradient(geometry, x.Shape[0], inputs, outputs, (x.Shape[2], x.Shape[3]), (dy.Shape[2], dy.Shape[3])), Of(dweight));
        }

        TensorOps.KeepAlive(x, dy, null, dweight);
    }

    private static bool HasFewOutputs(in Conv2dGeometry g, int inputs, int outputs) =>
        g is { Stride: 1, Dilation: 1, Groups: 1 } && g.KernelHeight == g.KernelWidth && g.KernelWidth > 1 && g.Padding < g.KernelWidth
        && outputs <= WeightGradient.FewInputs && outputs < inputs;

    private void ConvolveWeightGradient(float* x, float* dy, WeightGradient job, float* dweight)
    {
        using HostScratch sums = Memory.Borrow(job.SumsLength);
        job.Bind(x, dy, sums.Pointer);
        _pool.Run(job.Parts, job);
        nint target = (nint)dweight;
        Parallel(job.SumParts, part => job.Sum(part, (float*)target));
    }

    // dw[o, c, t] = sum over p of dy[o, p] x[c, p + t - padding] is also the gradient of a convolution from dy's channels to x's, its kernel turned: then
    // the few outputs' windows fill the lanes.
    private void ConvolveExchangedWeightGradient(Tensor x, Tensor dy, in Conv2dGeometry g, Tensor dweight)
    {
        (int outputs, int inputs, int taps) = (dweight.Shape[0], dweight.Shape[1], g.KernelHeight * g.KernelWidth);
        Conv2dGeometry exchanged = g with { Padding = g.KernelWidth - 1 - g.Padding };
        using HostScratch turned = Memory.Borrow(dweight.Length);
        ConvolveWeightGradient(
            Of(dy), Of(x), new WeightGradient(exchanged, x.Shape[0], outputs, inputs, (dy.Shape[2], dy.Shape[3]), (x.Shape[2], x.Shape[3])), turned.Pointer);
        for (int o = 0; o < outputs; o++)
        {
            for (int c = 0; c < inputs; c++)
            {
                for (int t = 0; t < taps; t++)
                    Of(dweight)[(((o * inputs) + c) * taps) + t] = turned.Pointer[(((c * outputs) + o) * taps) + taps - 1 - t];
            }
        }
    }

    private void ConvolveWinogradWeightGradient(Tensor x, Tensor dy, int padding, WinogradTile tile, Tensor dweight)
    {
        var job = new WinogradWeightGradient(
            x.Shape[0], x.Shape[1], dy.Shape[1], (x.Shape[2], x.Shape[3]), (dy.Shape[2], dy.Shape[3]), padding, tile);
        using HostScratch sums = Memory.Borrow(job.SumsLength);
        job.Bind(Of(x), Of(dy), sums.Pointer);
        _pool.Run(job.Parts, job);
        Parallel(job.SumParts, part => job.Sum(part, Of(dweight)));
    }

    // A part is a channel: its sums run over images and rows in order.
    private void ConvolveDepthwiseWeightGradient(Tensor x, Tensor dy, in Conv2dGeometry geometry, Tensor dweight)
    {
        Conv2dGeometry g = geometry;
        (int images, int height, int width) = (x.Shape[0], x.Shape[2], x.Shape[3]);
        (int outputHeight, int outputWidth) = (dy.Shape[2], dy.Shape[3]);
        int elements = g.KernelHeight * g.KernelWidth;
        int padded = (outputWidth + DepthwiseWeightGradient.Step - 1) / DepthwiseWeightGradient.Step * DepthwiseWeightGradient.Step;
        int pitch = padded + ((g.KernelWidth - 1) * g.Dilation / g.Stride) + 1;
        Parallel(g.Groups, channel =>
        {
            float* sums = ThreadScratch.Rent((elements * 16) + padded + ((long)pitch * g.Stride));
            float* gradient = sums + (elements * 16);
            float* row = gradient + padded;
            new Span<float>(sums, (elements * 16) + padded).Clear();
            for (int image = 0; image < images; image++)
            {
                long plane = ((long)image * g.Groups) + channel;
                for (int r = 0; r < outputHeight; r++)
                {
                    new Span<float>(Of(dy) + (((plane * outputHeight) + r) * outputWidth), outputWidth).CopyTo(new Span<float>(gradient, outputWidth));
                    for (int ky = 0; ky < g.KernelHeight; ky++)
                    {
                        int y = (r * g.Stride) - g.Padding + (ky * g.Dilation);
                        if ((uint)y >= (uint)height)
                            continue;
                        ConvolutionRows.Sort(Of(x) + (((plane * height) + y) * width), width, -g.Padding, g.Stride, row, pitch, pitch);
                        for (int kx = 0; kx < g.KernelWidth; kx++)
                        {
                            (int column, int phase) = Math.DivRem(kx * g.Dilation, g.Stride);
                            DepthwiseWeightGradient.Run(row + (phase * pitch) + column, gradient, outputWidth, sums + (((ky * g.KernelWidth) + kx) * 16));
                        }
                    }
                }
            }

            for (int e = 0; e < elements; e++)
                Of(dweight)[((long)channel * elements) + e] = VectorMath.Sum(Vector512.Load(sums + (e * 16)));
        });
    }
}
