using System.Text;
using Gir.Imaging.Files;

namespace Gir.Imaging.Tests.Files;

public sealed class AtomicFileTests
{
    private string _folder = string.Empty;

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("gir-atomic-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase("n", 255)]
    [TestCase("\u00fc", 127)]
    [TestCase("\u4e2d", 85)]
    [TestCase("\U0001F600", 63)]
    public void Any_legal_name_is_written(string letter, int count)
    {
        string path = Path.Combine(_folder, string.Concat(Enumerable.Repeat(letter, count)));
        AtomicFile.Write(path, "content"u8);
        Assert.That(File.ReadAllText(path), Is.EqualTo("content"));
        Assert.That(Encoding.UTF8.GetByteCount(Path.GetFileName(AtomicFile.NameAside(path))), Is.LessThanOrEqualTo(255));
    }

    [Test]
    public void A_failure_leaves_the_old_file_and_nothing_else()
    {
        string path = Path.Combine(_folder, "a");
        AtomicFile.Write(path, "old"u8);
        Assert.That(
            () => AtomicFile.Write(path, stream =>
            {
                stream.Write("half"u8);
                throw new IOException("No space left on device");
            }),
            Throws.InstanceOf<IOException>().With.Message.Contains("No space"));
        Assert.That(File.ReadAllText(path), Is.EqualTo("old"));
        Assert.That(Directory.GetFileSystemEntries(_folder), Is.EqualTo(new[] { path }));
        Assert.That(() => AtomicFile.Write(path, "new"u8, overwrite: false), Throws.InstanceOf<IOException>().With.Message.Contains("exists already"));
        Assert.That(() => AtomicFile.Write(_folder, "new"u8), Throws.InstanceOf<IOException>().With.Message.Contains("directory"));
    }

    [Test]
    public void What_killed_writers_left_is_removed()
    {
        string path = Path.Combine(_folder, "a.png");
        // No process has a number beyond the kernel's limit of 2^22.
        File.WriteAllText(Path.Combine(_folder, $".a.png.2000000000-1-{AtomicFile.Machine}.partial"), "dead");
        File.WriteAllText(Path.Combine(_folder, $".b.png.{Environment.ProcessId}-1-{AtomicFile.Machine}.partial"), "alive");
        File.WriteAllText(Path.Combine(_folder, "c.partial"), "somebody's own");
        Assert.That(AtomicFile.RemoveLeftoversIn(_folder), Is.EqualTo(1));
        Assert.That(Directory.GetFiles(_folder), Has.Length.EqualTo(2));
        File.WriteAllText(AtomicFile.NameAside(path), "own");
        AtomicFile.RemoveLeftoversOf(path);
        Assert.That(Directory.GetFiles(_folder).Select(Path.GetFileName), Is.EquivalentTo(new[] { $".b.png.{Environment.ProcessId}-1-{AtomicFile.Machine}.partial", "c.partial" }));
    }

    // Another machine's process may have any number here.
    [Test]
    public void What_other_machines_are_writing_into_a_shared_folder_stays_until_it_is_abandoned()
    {
        string other = Path.Combine(_folder, ".a.png.2000000000-1-00000000.partial");
        Assert.That(AtomicFile.Machine, Has.Length.EqualTo(8).And.Not.EqualTo("00000000"));
        File.WriteAllText(other, "half");
        Assert.That(AtomicFile.RemoveLeftoversIn(_folder), Is.Zero);
        File.SetLastWriteTimeUtc(other, TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-61));
        Assert.That(AtomicFile.RemoveLeftoversIn(_folder), Is.EqualTo(1));
        Assert.That(File.Exists(other), Is.False);
    }

    [Test]
    public async Task A_pipe_is_written_to_and_stays_a_pipe()
    {
        string pipe = Path.Combine(_folder, "pipe");
        PosixFiles.MakePipe(pipe);
        Task<byte[]> reading = Task.Run(() => File.ReadAllBytes(pipe));
        AtomicFile.Write(pipe, "through"u8);
        Assert.That(await reading, Is.EqualTo("through"u8.ToArray()));
        Assert.That(FileStatus.Of(pipe).Kind, Is.EqualTo(FileKind.Special));
    }
}
