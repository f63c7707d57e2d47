using System.Diagnostics;
using Gir.Imaging.Codecs;
using Gir.Imaging.Observability;

namespace Gir.Imaging.Tests;

public sealed class TelemetryTests
{
    [Test]
    public void Decoding_and_encoding_are_timed_and_traced_by_format()
    {
        using var listening = new Listening("Gir.Imaging");
        byte[] file = ImageFile.Encode(new ImageBuffer(1, 3, 4), "png");
        ImageFile.Decode(file);
        file[^20] ^= 0xff;
        Assert.That(() => ImageFile.Decode(file, new ImageDecodeOptions { Strict = true }), Throws.InstanceOf<ImageFormatException>());

        Assert.That(listening.Activities.Select(a => (a.OperationName, a.Status)), Is.EqualTo(new[]
        {
            ("gir.encode", ActivityStatusCode.Ok), ("gir.decode", ActivityStatusCode.Ok), ("gir.decode", ActivityStatusCode.Error),
        }));
        Assert.That(listening.Measurements.Select(m => (m.Name, m.Tags)), Is.EqualTo(new[]
        {
            ("gir.imaging.encode.duration", "gir.format=png"), ("gir.imaging.decode.duration", "gir.format=png"), ("gir.imaging.decode.duration", "gir.format=png"),
        }));
        Assert.That(listening.Measurements.Select(m => m.Value), Is.All.InRange(0, 60));
    }

    [Test]
    public void Nothing_is_made_where_nobody_listens()
    {
        ImagingTelemetry.Decoding.Begin("png").Dispose();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            using TimedWork.Piece work = ImagingTelemetry.Decoding.Begin("png");
            work.Complete(i);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }
}
