using System.Runtime.Intrinsics.X86;
using Gir.Models.Tensors.Backends.Cpu.Kernels;

namespace Gir.Models.Tensors.Backends.Cpu;

public sealed unsafe partial class CpuBackend
{
    // Below this, the transforms of tiles and filters cost more than they save.
    private const int WinogradChannels = 16;
    private const int WinogradTiles = 24;

    /// <inheritdoc/>
    public override void Conv2d(Tensor x, Tensor weight, Tensor? bias, in Conv2dGeometry geometry, Tensor y)
    {
        using var wide = new WideWeight(this, weight);
        weight = wide.Tensor;
        if (!Avx512F.IsSupported)
        {
            ConvolveGeneral(x, weight, bias, geometry, y);
            return;
        }

        int inputs = weight.Shape[1];
        int outputs = weight.Shape[0] / geometry.Groups;
        int taps = geometry.KernelHeight * geometry.KernelWidth;
        if (WinogradForm(geometry, inputs, outputs, y.Shape) is { } tile)
        {
            ConvolveWinograd(x, Of(weight), (long)inputs * taps, taps, turned: false, bias, geometry.Padding, tile, y);
        }
        else if (IsPointwise(geometry) && outputs > 1)
        {
            var job = new PointwiseConvolution(Of(x), Of(weight), OfOptional(bias), Of(y), x.Shape[0], geometry.Groups, inputs, outputs, y.Shape[2] * y.Shape[3]);
            _pool.Run(job.Parts, job);
        }
        else if (IsPatches(geometry) && Math.Max(inputs, outputs) > 1)
        {
            ConvolvePatches(x, weight, bias, geometry, inputs, outputs, y);
        }
        else if (inputs == 1 && outputs == 1 && geometry is { KernelHeight: 3, KernelWidth: 3, Stride: 1, Padding: 1, Dilation: 1 })
        {
            var job = new DepthwiseConvolution(Of(x), Of(weight), OfOptional(bias), Of(y), x.Shape[0], geometry.Groups, y.Shape[2], y.Shape[3]);
            _pool.Run(job.Parts, job);
        }
        else
        {
            var rows = ConvolutionAxis.Forward(y.Shape[2], geometry.KernelHeight, geometry);
            var columns = ConvolutionAxis.Forward(y.Shape[3], geometry.KernelWidth, geometry);
            ConvolveDirect(x, Of(weight), (long)outputs * inputs * taps, (long)inputs * taps, taps, bias, geometry, rows, columns, inputs, outputs, Of(y), (y.Shape[2], y.Shape[3]));
        }

        TensorOps.KeepAlive(x, weight, bias, y);
    }

    /// <inheritdoc/>
    public override void Conv2dInputGradient(Tensor dy, Tensor weight, Tensor? bias, in Conv2dGeometry geometry, Tensor dx)
    {
        using var wide = new WideWeight(this, weight);
        weight = wide.Tensor;
        if (!Avx512F.IsSupported)
        {
            ConvolveInputGradientGeneral(dy, weight, bias, geometry, dx);
            return;
        }

        // A convolution of dy in which inputs and outputs have changed places.
        int outputs = weight.Shape[1];
        int inputs = weight.Shape[0] / geometry.Groups;
        int taps = geometry.KernelHeight * geometry.KernelWidth;
        if (WinogradForm(geometry, inputs, outputs, dx.Shape) is { } tile)
        {
            ConvolveWinograd(dy, Of(weight), taps, (long)outputs * taps, turned: true, bias, tile.Kernel - 1 - geometry.Padding, tile, dx);
        }
        else if (IsPointwise(geometry) && outputs > 1)
        {
            TransposePointwise(Of(dy), weight, bias, dx.Shape[0], geometry.Groups, inputs, outputs, dx.Shape[2] * dx.Shape[3], Of(dx));
        }
        else if (IsPatches(geometry) && Math.Max(inputs, outputs) > 1)
        {
            ConvolvePatchesInputGradient(dy, weight, bias, geometry, inputs, outputs, dx);
        }
        else if (geometry.Stride > 1 && Math.Max(inputs, outputs) > 1)
        {
            ConvolveStridedInputGradient(dy, weight, bias, geometry, inputs, outputs, dx);
        }
        else
        {
            for (int ry = 0; ry < geometry.Stride; ry++)
            {
                for (int rx = 0; rx < geometry.Stride; rx++)
                {
                    var rows = ConvolutionAxis.Gradient(dx.Shape[2], geometry.KernelHeight, ry, geometry);
                    var columns = ConvolutionAxis.Gradient(dx.Shape[3], geometry.KernelWidth, rx, geometry);
                    ConvolveDirect(
                        dy, Of(weight), (long)outputs * inputs * taps, taps, (long)outputs * taps, bias, geometry, rows, columns, inputs, outputs,
                        Of(dx), (dx.Shape[2], dx.Shape[3]));
                }
            }
        }

        TensorOps.KeepAlive(dy, weight, bias, dx);
    }

    private static bool IsPointwise(in Conv2dGeometry g) => g is { KernelHeight: 1, KernelWidth: 1, Stride: 1, Padding: 0 };

    private void TransposePointwise(float* dy, Tensor weight, Tensor? bias, int images, int groups, int inputs, int outputs, int pixels, float* dx)
    {
        using HostScratch turned = Memory.Borrow(weight.Length);
        for (int group = 0; group < groups; group++)
        {
            long first = (long)group * inputs * outputs;
            TransposeBlock.Run(Of(weight) + first, outputs, 1, turned.Pointer + first, inputs, inputs, 0, outputs);
        }

        var job = new PointwiseConvolution(dy, turned.Pointer, OfOptional(bias), dx, images, groups, inputs, outputs, pixels);
        _pool.Run(job.Parts, job);
    }

    // Winograd's algorithm where there is one and it pays.
    private WinogradTile? WinogradForm(in Conv2dGeometry g, int inputs, int outputs, TensorShape y)
    {
        if (g is not { Stride: 1, Dilation: 1, Groups: 1 } || g.KernelHeight != g.KernelWidth || g.Padding >= g.KernelWidth || Math.Min(inputs, outputs) < WinogradChannels)
            return null;
        WinogradTile? tile = (g.KernelWidth, Options.Convolution) switch
        {
            (3, ConvolutionAlgorithm.Automatic) => new WinogradTile(3, 4),
            (3, ConvolutionAlgorithm.WinogradF2) => new WinogradTile(3, 2),
            (5, ConvolutionAlgorithm.Automatic) => new WinogradTile(5, 2),
            _ => null,
        };
        if (tile is not { Step: int step })
            return null;
        long tiles = (long)y[0] * ((y[2] + step - 1) / step) * ((y[3] + step - 1) / step);
        return tiles >= WinogradTiles ? tile : null;
    }

    private void ConvolveWinograd(Tensor x, float* weight, long outputStride, long inputStride, bool turned, Tensor? bias, int padding, WinogradTile tile, Tensor y)
    {
        var job = new WinogradConvolution(x.Shape[0], x.Shape[1], y.Shape[1], (x.Shape[2], x.Shape[3]), (y.Shape[2], y.Shape[3]), padding, tile);
        using HostScratch packed = Memory.Borrow(job.PackedLength);
        job.SetPacked(packed.Pointer);
        _pool.Run(job.Blocks, new FilterJob { Convolution = job, Weight = weight, OutputStride = outputStride, InputStride = inputStride, Turned = turned });
        job.Bind(Of(x), OfOptional(bias), Of(y));
        _pool.Run(job.Parts, job);
    }

    /// <summary>A part transforms the filters of a block of outputs.</summary>
    private struct FilterJob : IPoolJob
    {
        public WinogradConvolution Convolution;
        public float* Weight;
        public long OutputStride;
        public long InputStride;
        public bool Turned;

        public readonly void Run(int part) => Convolution.Pack(part, Weight, OutputStride, InputStride, Turned);
    }

    private void ConvolveDirect(
        Tensor x, float* weight, long groupStride, long outputStride, long inputStride, Tensor? bias, in Conv2dGeometry geometry,
        ConvolutionAxis rows, ConvolutionAxis columns, int inputs, int outputs, float* y, (int Height, int Width) size)
    {
        var job = new ConvolutionDirect(rows, columns, x.Shape[0], geometry.Groups, inputs, outputs, (x.Shape[2], x.Shape[3]), size);
        using HostScratch packed = Memory.Borrow(job.PackedLength);
        job.Pack(weight, groupStride, outputStride, inputStride, geometry.KernelWidth, packed.Pointer);
        job.Bind(Of(x), OfOptional(bias), y);
        _pool.Run(job.Parts, job);
    }
}
