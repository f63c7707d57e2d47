using Gir.Imaging.Codecs;

namespace Gir.Imaging.Tests.Codecs;

public sealed class ImageFileTests
{
    private string _folder = string.Empty;

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("gir-imagefile-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void An_image_is_saved_and_loaded()
    {
        string path = Path.Combine(_folder, "a.PNG");
        ImageFile.Save(path, Picture(0.2f));
        Assert.That(ImageFile.Load(path).Samples.ToArray(), Is.All.EqualTo(51 / 255f));
        Assert.That(ImageFile.ReadInfo(path), Is.EqualTo(new ImageFileInfo("png", 3, 4, 5, 8)));
        Assert.That(Directory.GetFileSystemEntries(_folder), Is.EqualTo(new[] { path }));
    }

    [Test]
    public void An_existing_file_is_replaced_only_on_request()
    {
        string path = Path.Combine(_folder, "a.png");
        ImageFile.Save(path, Picture(0));
        Assert.That(() => ImageFile.Save(path, Picture(1)), Throws.InstanceOf<IOException>().With.Message.Contains(path));
        Assert.That(ImageFile.Load(path).Samples[0], Is.EqualTo(0));
        ImageFile.Save(path, Picture(1), overwrite: true);
        Assert.That(ImageFile.Load(path).Samples[0], Is.EqualTo(1));
    }

    [Test]
    public void A_failure_while_writing_leaves_nothing_behind()
    {
        var files = new ImageFiles(new ImageCodecRegistry([new FailingCodec()]));
        string path = Path.Combine(_folder, "a.fail");
        Assert.That(() => files.Save(path, Picture(0)), Throws.InstanceOf<IOException>().With.Message.EqualTo("No space left on device"));
        Assert.That(Directory.GetFileSystemEntries(_folder), Is.Empty);

        File.WriteAllText(path, "old");
        Assert.That(() => files.Save(path, Picture(0), overwrite: true), Throws.InstanceOf<IOException>());
        Assert.That(Directory.GetFileSystemEntries(_folder), Is.EqualTo(new[] { path }));
        Assert.That(File.ReadAllText(path), Is.EqualTo("old"));
    }

    [Test]
    public void Content_counts_more_than_the_extension()
    {
        string path = Path.Combine(_folder, "a.png");
        ImageFile.Save(path, Picture(1));
        string renamed = Path.Combine(_folder, "a.txt");
        File.Move(path, renamed);
        Assert.That(ImageFile.Load(renamed).Samples[0], Is.EqualTo(1));
    }

    [Test]
    public void Unknown_content_is_told_with_its_first_bytes_and_the_known_formats()
    {
        string path = Path.Combine(_folder, "a.txt");
        File.WriteAllBytes(path, [0xDE, 0xAD, 0xBE, 0xEF]);
        Assert.That(
            () => ImageFile.Load(path),
            Throws.InstanceOf<ImageFormatException>().With.Message.Contains("DEADBEEF").And.Message.Contains(path).And.Message.Contains("png"));
        // A known extension has its codec say what it misses.
        string png = Path.Combine(_folder, "a.png");
        File.Move(path, png);
        Assert.That(() => ImageFile.Load(png), Throws.InstanceOf<ImageFormatException>().With.Message.Contains("signature").And.Message.Contains(png));
    }

    [Test]
    public void Damage_is_told_with_the_name_of_the_file()
    {
        string path = TestData.Golden("degradations", "files", "bad_idat_crc.png");
        var defect = Assert.Throws<ImageFormatException>(() => ImageFile.Load(path))!;
        Assert.That(defect.FileName, Is.EqualTo(path));
        Assert.That(defect.Message, Does.Contain(path).And.Contain("CRC"));
    }

    [Test]
    public void What_is_no_readable_file_is_told_apart()
    {
        Assert.That(() => ImageFile.Load(_folder), Throws.InstanceOf<IOException>().With.Message.Contains("directory"));
        Assert.That(() => ImageFile.Save(_folder + "/x.png/../sub.png/", Picture(0)), Throws.Exception);
        string missing = Path.Combine(_folder, "none.png");
        Assert.That(() => ImageFile.Load(missing), Throws.InstanceOf<FileNotFoundException>().With.Message.Contains(missing));
        string empty = Path.Combine(_folder, "empty.png");
        File.WriteAllBytes(empty, []);
        Assert.That(() => ImageFile.Load(empty), Throws.InstanceOf<ImageFormatException>().With.Message.Contains("empty").And.Message.Contains(empty));
        Assert.That(() => ImageFile.ReadInfo(empty), Throws.InstanceOf<ImageFormatException>());
        if (File.Exists("/dev/zero"))
            Assert.That(() => ImageFile.Load("/dev/zero"), Throws.InstanceOf<ImageFormatException>().With.Message.Contains("begins with the bytes 0000"));
    }

    [Test]
    public void Targets_that_cannot_be_written_are_refused()
    {
        Assert.That(() => ImageFile.Save(Path.Combine(_folder, "a.xyz"), Picture(0)), Throws.ArgumentException.With.Message.Contains(".xyz").And.Message.Contains(".png"));
        string folder = Path.Combine(_folder, "b.png");
        Directory.CreateDirectory(folder);
        Assert.That(() => ImageFile.Save(folder, Picture(0)), Throws.InstanceOf<IOException>().With.Message.Contains("directory"));
        Assert.That(() => ImageFile.Save(Path.Combine(_folder, "no", "c.png"), Picture(0)), Throws.InstanceOf<DirectoryNotFoundException>());
        string longName = Path.Combine(_folder, new string('n', 250) + ".png");
        Assert.That(() => ImageFile.Save(longName, Picture(0)), Throws.Nothing);
    }

    [Test]
    public void Codecs_are_found_by_name_extension_and_content()
    {
        foreach (IImageCodec codec in ImageCodecs.All)
        {
            Assert.That(ImageCodecs.Find(codec.Name.ToUpperInvariant()), Is.SameAs(codec));
            Assert.That(codec.Extensions.Select(ImageCodecs.FindByExtension), Is.All.SameAs(codec));
            Assert.That(ImageCodecs.FindByContent(ImageFile.Encode(Picture(0.5f), codec.Name)), Is.SameAs(codec));
        }

        Assert.That(ImageCodecs.Find("jpg"), Is.SameAs(ImageCodecs.Jpeg));
        Assert.That(() => ImageCodecs.Find("webp"), Throws.ArgumentException.With.Message.Contains("webp").And.Message.Contains("png"));
        Assert.That(ImageCodecs.FindByExtension("a.webp"), Is.Null);
        Assert.That(ImageCodecs.FindByContent([1, 2, 3]), Is.Null);
        Assert.That(() => new ImageCodecRegistry([]), Throws.ArgumentException);
        Assert.That(() => new ImageCodecRegistry([new PngCodec(), new PngCodec()]), Throws.ArgumentException);
    }

    private static ImageBuffer Picture(float value)
    {
        var image = new ImageBuffer(3, 4, 5);
        image.Samples.Fill(value);
        return image;
    }

    /// <summary>Fails in the middle of writing, as a full disk does.</summary>
    private sealed class FailingCodec : IImageCodec
    {
        public string Name => "fail";

        public IReadOnlyList<string> Extensions => [".fail"];

        public bool Recognizes(ReadOnlySpan<byte> start) => false;

        public ImageFileInfo ReadInfo(ReadOnlySpan<byte> file, ImageDecodeOptions? options = null) => throw new NotSupportedException();

        public ImageBuffer Decode(ReadOnlySpan<byte> file, ImageDecodeOptions? options = null) => throw new NotSupportedException();

        public void Encode(ImageBuffer image, Stream destination, ImageEncodeOptions? options = null)
        {
            destination.Write(new byte[1_000_000]);
            throw new IOException("No space left on device");
        }
    }
}
