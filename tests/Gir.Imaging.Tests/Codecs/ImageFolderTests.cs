using System.Text;
using Gir.Imaging.Codecs;
using Gir.Imaging.Tests.Files;

namespace Gir.Imaging.Tests.Codecs;

public sealed class ImageFolderTests
{
    private string _folder = string.Empty;

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("gir-folder-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Images_come_by_name_and_other_files_do_not_count()
    {
        foreach (string name in new[] { "b.png", "B.JPG", "a.bmp", "notes.txt", "c.npy", ".hidden.png", "png" })
            File.WriteAllText(At(name), "x");

        ImageFolder folder = ImageFolder.Read(_folder);

        Assert.That(folder.Path, Is.EqualTo(_folder));
        Assert.That(folder.Files.Select(Path.GetFileName), Is.EqualTo(new[] { ".hidden.png", "B.JPG", "a.bmp", "b.png", "c.npy" }));
        Assert.That(folder.Skipped, Is.Empty);
        Assert.That(folder.Unreadable, Is.Empty);
    }

    [Test]
    public void Other_codecs_have_other_extensions()
    {
        File.WriteAllText(At("b.png"), "x");
        File.WriteAllText(At("b.bmp"), "x");
        Assert.That(ImageFolder.Read(_folder, new ImageCodecRegistry([ImageCodecs.Bmp])).Files.Select(Path.GetFileName), Is.EqualTo(new[] { "b.bmp" }));
    }

    [Test]
    public void What_only_looks_like_an_image_is_left_out_with_the_reason()
    {
        File.WriteAllText(At("a.png"), "x");
        File.WriteAllText(At("._a.png"), "x");
        Directory.CreateDirectory(At("folder.png"));
        File.CreateSymbolicLink(At("good.png"), At("a.png"));
        File.CreateSymbolicLink(At("broken.png"), At("none.png"));
        File.CreateSymbolicLink(At("loop.png"), At("loop.png"));
        Directory.CreateSymbolicLink(At("up.png"), _folder);

        ImageFolder folder = ImageFolder.Read(_folder);

        Assert.That(folder.Files.Select(Path.GetFileName), Is.EqualTo(new[] { "a.png", "good.png" }));
        Assert.That(Told(folder.Skipped), Is.EqualTo(new[]
        {
            "._a.png: data that macOS keeps beside a file, no image",
            "broken.png: a link that leads nowhere",
            "folder.png: a folder",
            "loop.png: a link that leads nowhere",
            "up.png: a folder",
        }));
        Assert.That(folder.Unreadable, Is.Empty);
    }

    [Test]
    public void A_pipe_is_left_out_and_nothing_waits_for_it()
    {
        PosixFiles.MakePipe(At("pipe.png"));
        Assert.That(Told(ImageFolder.Read(_folder).Skipped), Is.EqualTo(new[] { "pipe.png: a pipe, a socket or a device, no regular file" }));
    }

    [Test]
    [Platform("Linux")]
    public void A_name_that_is_no_utf8_is_left_out()
    {
        byte[] path = [.. Encoding.UTF8.GetBytes(At("n")), 0xFF, .. ".png\0"u8];
        PosixFiles.MakeFile(path);
        File.WriteAllText(At("\uFFFD.png"), "x");

        ImageFolder folder = ImageFolder.Read(_folder);
        PosixFiles.Remove(path);

        Assert.That(folder.Files.Select(Path.GetFileName), Is.EqualTo(new[] { "\uFFFD.png" }));
        Assert.That(Told(folder.Skipped), Is.EqualTo(new[] { "n\uFFFD.png: its name is no valid UTF-8" }));
    }

    [Test]
    public void A_file_that_may_not_be_read_is_a_failure()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            Assert.Ignore("Skipped: root may read every file, and Windows has no file modes.");
            return;
        }

        File.WriteAllText(At("a.png"), "x");
        File.SetUnixFileMode(At("a.png"), UnixFileMode.None);

        ImageFolder folder = ImageFolder.Read(_folder);

        Assert.That(folder.Files, Is.Empty);
        Assert.That(Told(folder.Unreadable), Is.EqualTo(new[] { "a.png: it may not be read" }));
    }

    [Test]
    public void A_folder_that_is_not_there_is_refused() =>
        Assert.That(() => ImageFolder.Read(At("none")), Throws.InstanceOf<DirectoryNotFoundException>().With.Message.Contains("none"));

    private static IEnumerable<string> Told(IReadOnlyList<LeftOutFile> files) => files.Select(f => $"{Path.GetFileName(f.Path)}: {f.Reason}");

    private string At(string name) => Path.Combine(_folder, name);
}
