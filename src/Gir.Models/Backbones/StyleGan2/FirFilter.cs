using Gir.Imaging;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.StyleGan2;

/// <summary>
/// One direction of <see cref="StyleOps.UpFirDn2d"/>: insert Up - 1 zeros after every sample (the last one too), pad, convolve with taps, keep every Down-th sample.
/// </summary>
/// <remarks>Immutable and safe for concurrent use. Make it once: it remembers its tables for the sizes it has met.</remarks>
internal sealed class FirFilter
{
    // A network meets its own sizes, a handful.
    private const int MostTables = 64;

    private readonly float[] _taps;
    private readonly BoundedCache<int, ResamplingTaps> _tables;

    /// <summary>Creates a filter.</summary>
    /// <param name="taps">The impulse response, at least one tap; the convolution is a true one, not a correlation.</param>
    /// <param name="up">Samples of the enlarged signal per sample, at least 1.</param>
    /// <param name="down">Which samples of the result are kept, at least 1.</param>
    /// <param name="before">Zeros before the enlarged signal; negative cuts off.</param>
    /// <param name="after">Zeros after it; negative cuts off.</param>
    /// <exception cref="ArgumentException">There are no taps.</exception>
    public FirFilter(ReadOnlySpan<float> taps, int up = 1, int down = 1, int before = 0, int after = 0)
    {
        if (taps.IsEmpty)
            throw new ArgumentException("Expected at least one tap.", nameof(taps));
        ArgumentOutOfRangeException.ThrowIfLessThan(up, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(down, 1);
        _tables = new BoundedCache<int, ResamplingTaps>(MostTables, Table);
        _taps = taps.ToArray();
        (Up, Down, Before, After) = (up, down, before, after);
    }

    /// <summary>Samples of the enlarged signal per sample.</summary>
    public int Up { get; }

    /// <summary>Every how many samples one is kept.</summary>
    public int Down { get; }

    /// <summary>Zeros before the enlarged signal.</summary>
    public int Before { get; }

    /// <summary>Zeros after the enlarged signal.</summary>
    public int After { get; }

    /// <summary>The number of samples that come out; below 1 where the signal is shorter than the taps.</summary>
    /// <param name="size">The number of samples that go in.</param>
    public int OutputSize(int size)
    {
        long room = ((long)size * Up) + Before + After - _taps.Length;
        return room < 0 ? 0 : (int)Math.Min((room / Down) + 1, int.MaxValue);
    }

    /// <summary>The table of taps for a size; the same object for the same size, so that an engine may keep a copy of it on its device.</summary>
    public ResamplingTaps For(int size) => _tables.Get(size);

    private ResamplingTaps Table(int size)
    {
        int output = OutputSize(size);
        // Of the taps that an output sample meets, those between samples meet zeros.
        int count = (_taps.Length + Up - 1) / Up;
        var indices = new int[output * count];
        var weights = new float[output * count];
        for (int i = 0; i < output; i++)
        {
            int start = (i * Down) - Before;
            int first = ((-start % Up) + Up) % Up;
            for (int k = 0; k < count; k++)
            {
                int tap = first + (k * Up);
                int source = (start + tap) / Up;
                bool isInside = tap < _taps.Length && start + tap >= 0 && source < size;
                indices[(i * count) + k] = Math.Clamp(source, 0, size - 1);
                weights[(i * count) + k] = isInside ? _taps[^(tap + 1)] : 0;
            }
        }

        return new ResamplingTaps(size, output, count, indices, weights);
    }
}
