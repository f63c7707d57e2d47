using SkiaSharp;

namespace Gir.Benchmarks.Peers;

/// <summary>The codecs among the cases of <see cref="DegradationComparison"/> in SkiaSharp, from and to 8 bit RGBA.</summary>
internal sealed class SkiaCases(string png, string jpeg)
{
    private readonly byte[] _png = File.ReadAllBytes(png);
    private readonly byte[] _jpeg = File.ReadAllBytes(jpeg);
    private readonly SKBitmap _bitmap = SKBitmap.Decode(png);

    /// <summary>The work of a case; null where there is none.</summary>
    public Action? Find(string name) => name switch
    {
        "jpeg-round-trip" => RoundTrip,
        "png-decode" => () => SKBitmap.Decode(_png).Dispose(),
        "jpeg-decode" => () => SKBitmap.Decode(_jpeg).Dispose(),
        "png-encode" => () => _bitmap.Encode(SKEncodedImageFormat.Png, 100).Dispose(),
        "jpeg-encode" => () => _bitmap.Encode(SKEncodedImageFormat.Jpeg, 90).Dispose(),
        _ => null,
    };

    private void RoundTrip()
    {
        using SKData file = _bitmap.Encode(SKEncodedImageFormat.Jpeg, 50);
        SKBitmap.Decode(file).Dispose();
    }
}
