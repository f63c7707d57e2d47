using System.Runtime.CompilerServices;
using Gir.Imaging;
using Gir.Models.Tensors;
using TorchSharp;

namespace Gir.Models.TorchSharp;

/// <summary>Tables of positions on the device, copied there once: the engine's operators get them as arrays of the program.</summary>
internal sealed class DeviceIndices
{
    // Of paddings, which are few.
    private const int LargestCount = 256;

    private readonly ConditionalWeakTable<int[], torch.Tensor> _rows = [];
    private readonly ConditionalWeakTable<ResamplingTaps, Taps> _taps = [];
    private readonly BoundedCache<(int Output, int Input, int Before, TensorPadMode Mode), torch.Tensor> _paddings;
    private readonly TorchBackend _backend;

    public DeviceIndices(TorchBackend backend)
    {
        _backend = backend;
        _paddings = new(LargestCount, k => Upload([.. Enumerable.Range(0, k.Output).Select(i => Source(i - k.Before, k.Input, k.Mode))]));
    }

    /// <summary>The copy of an array that nobody changes; it lives as long as the array.</summary>
    public torch.Tensor Of(int[] rows) => _rows.GetValue(rows, r => Upload(r));

    /// <summary>The copy of a table of taps.</summary>
    public Taps Of(ResamplingTaps taps) => _taps.GetValue(taps, t => new Taps(t, this));

    /// <summary>For each position after padding the one it repeats.</summary>
    public torch.Tensor OfPadding(int output, int input, int before, TensorPadMode mode) => _paddings.Get((output, input, before, mode));

    private static int Source(int at, int input, TensorPadMode mode) => mode switch
    {
        TensorPadMode.Replicate => Math.Clamp(at, 0, input - 1),
        TensorPadMode.Reflect => at < 0 ? -at : at >= input ? (2 * input) - 2 - at : at,
        _ => ((at % input) + input) % input,
    };

    private torch.Tensor Upload(int[] values)
    {
        _backend.CountTransfer();
        return torch.tensor(values, torch.ScalarType.Int64, _backend.Device).DetachFromDisposeScope();
    }

    private torch.Tensor Upload(float[] values)
    {
        _backend.CountTransfer();
        return torch.tensor(values, torch.ScalarType.Float32, _backend.Device).DetachFromDisposeScope();
    }

    /// <summary>For each tap the input position and the weight of every output position.</summary>
    internal sealed class Taps
    {
        public Taps(ResamplingTaps taps, DeviceIndices owner)
        {
            (int count, int outputs) = (taps.TapCount, taps.OutputSize);
            Positions = [.. Enumerable.Range(0, count).Select(t => owner.Upload(Column(taps.Indices, t)))];
            // Nearest neighbors are not multiplied.
            if (taps.Weights.Any(w => w != 1))
                Weights = [.. Enumerable.Range(0, count).Select(t => owner.Upload(Column(taps.Weights, t)))];

            T[] Column<T>(T[] table, int tap) => [.. Enumerable.Range(0, outputs).Select(o => table[(o * count) + tap])];
        }

        public torch.Tensor[] Positions { get; }

        public torch.Tensor[]? Weights { get; }
    }
}
