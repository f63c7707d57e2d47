using Gir.Models.Tensors;

namespace Gir.Models.Backbones.StyleGan2;

/// <summary>The resampling filters of a network, padded for where they stand (Karras et al. 2020, official code).</summary>
internal sealed class StyleFilters
{
    private readonly float[] _taps;

    public StyleFilters(IReadOnlyList<int> taps)
    {
        double sum = taps.Sum();
        _taps = [.. taps.Select(t => (float)(t / sum))];
        int pad = taps.Count - 2;
        Enlarge = new FirFilter(Doubled(), up: 2, before: ((pad + 1) / 2) + 1, after: pad / 2);
        pad -= 2;
        AfterTransposed = new FirFilter(Doubled(), before: Half(pad + 1) + 1, after: Half(pad) + 1);
    }

    /// <summary>Doubles an image.</summary>
    public FirFilter Enlarge { get; }

    /// <summary>Smooths what a transposed 3 x 3 convolution of stride 2 has doubled.</summary>
    public FirFilter AfterTransposed { get; }

    /// <summary>Smooths what a k x k convolution of stride 2 will halve.</summary>
    public FirFilter BeforeStrided(int kernel)
    {
        int pad = _taps.Length - 2 + (kernel - 1);
        return new FirFilter(_taps, before: (pad + 1) / 2, after: pad / 2);
    }

    // Zeros between samples take half of the sum in each direction.
    private float[] Doubled() => Array.ConvertAll(_taps, t => 2 * t);

    private static int Half(int value) => value >> 1;
}
