using Gir.Imaging.Codecs;
using Gir.Imaging.Tests.Files;

namespace Gir.Imaging.Tests.Codecs;

public sealed class ImageStreamTests
{
    [Test]
    public void A_stream_that_cannot_seek_is_decoded([Values("png", "jpeg", "bmp", "npy")] string format, [Values(1, 7, 1 << 20)] int piece)
    {
        ImageBuffer image = JpegRoundTripTests.Noise(3, 120, 170);
        byte[] file = ImageFile.Encode(image, format);
        ImageBuffer expected = ImageFile.Decode(file);
        ImageBuffer read = ImageFile.Load(new Trickle(file, piece));
        Assert.That(read.HasShapeOf(expected) && read.Samples.SequenceEqual(expected.Samples));
    }

    [Test]
    public void An_image_written_to_a_stream_is_the_file()
    {
        ImageBuffer image = JpegRoundTripTests.Noise(1, 12, 17);
        using var stream = new MemoryStream();
        ImageFile.Save(stream, image, "bmp");
        Assert.That(stream.ToArray(), Is.EqualTo(ImageFile.Encode(image, "bmp")));
    }

    [Test]
    public void A_stream_is_read_only_as_far_as_allowed()
    {
        byte[] file = ImageFile.Encode(JpegRoundTripTests.Noise(3, 120, 170), "png");
        var exact = new ImageDecodeOptions { MaxFileBytes = file.Length };
        Assert.That(ImageFile.Load(new Trickle(file, 999), exact).Width, Is.EqualTo(170));
        var tight = new ImageDecodeOptions { MaxFileBytes = file.Length - 1 };
        var stream = new Trickle([.. file, .. new byte[1 << 20]], 999);
        Assert.That(() => ImageFile.Load(stream, tight), Throws.TypeOf<ImageFormatException>().With.Message.Contains("MaxFileBytes"));
        Assert.That(stream.Position, Is.LessThanOrEqualTo(file.Length));
    }

    [Test]
    public void A_stream_of_no_known_format_is_not_read_on()
    {
        var stream = new Trickle(new byte[1 << 20], 1 << 20);
        Assert.That(() => ImageFile.Load(stream), Throws.TypeOf<ImageFormatException>().With.Message.Contains("begins with the bytes 0000"));
        Assert.That(stream.Position, Is.LessThanOrEqualTo(64));
        Assert.That(() => ImageFile.Load(new Trickle([], 1)), Throws.TypeOf<ImageFormatException>().With.Message.Contains("empty"));
    }

    [Test]
    public async Task A_named_pipe_is_read_to_its_end()
    {
        string folder = Directory.CreateTempSubdirectory("gir-pipe-").FullName;
        try
        {
            string pipe = Path.Combine(folder, "pipe");
            PosixFiles.MakePipe(pipe);
            ImageBuffer image = JpegRoundTripTests.Noise(3, 300, 400);
            Task writing = Task.Run(() => File.WriteAllBytes(pipe, ImageFile.Encode(image, "png")));
            Assert.That(ImageFile.Load(pipe).Samples.SequenceEqual(image.Quantized().Samples));
            await writing;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public void A_file_longer_than_allowed_is_refused_unread()
    {
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, "limit.png");
        ImageFile.Save(path, JpegRoundTripTests.Noise(3, 12, 17), overwrite: true);
        Assert.That(
            () => ImageFile.Load(path, new ImageDecodeOptions { MaxFileBytes = 100 }),
            Throws.TypeOf<ImageFormatException>().With.Message.Contains("MaxFileBytes").And.Message.Contains(path));
    }

    /// <summary>Gives a few bytes at a time, as pipes do, and neither seeks nor knows its length.</summary>
    private sealed class Trickle(byte[] content, int piece) : Stream
    {
        private int _position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => _position;
            set => throw new NotSupportedException();
        }

        public override int Read(Span<byte> buffer)
        {
            int count = Math.Min(Math.Min(piece, buffer.Length), content.Length - _position);
            content.AsSpan(_position, count).CopyTo(buffer);
            _position += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
