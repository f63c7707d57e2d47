using System.Runtime.InteropServices;

namespace Gir.Imaging.Tests.Files;

/// <summary>Makes the files that .NET cannot make.</summary>
internal static partial class PosixFiles
{
    /// <summary>A named pipe; the test is skipped where the system has none.</summary>
    public static void MakePipe(string path)
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("Skipped: named pipes in the file system are tested on Linux.");
        Assert.That(MakeFifo(path, 0x180), Is.EqualTo(0));
    }

    public static void MakeHardLink(string existing, string path) => Assert.That(Link(existing, path), Is.EqualTo(0));

    /// <summary>An empty file whose path need not be UTF-8.</summary>
    /// <param name="path">Its bytes, with a zero at the end.</param>
    public static void MakeFile(byte[] path) => Assert.That(MakeNode(path, 0x8180, 0), Is.EqualTo(0));

    /// <summary>Removes a file that .NET cannot name.</summary>
    /// <param name="path">The bytes of its path, with a zero at the end.</param>
    public static void Remove(byte[] path) => Assert.That(Unlink(path), Is.EqualTo(0));

    [LibraryImport("libc", EntryPoint = "unlink")]
    private static partial int Unlink(byte[] path);

    [LibraryImport("libc", EntryPoint = "mknod")]
    private static partial int MakeNode(byte[] path, uint mode, ulong device);

    [LibraryImport("libc", EntryPoint = "mkfifo", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeFifo(string path, int mode);

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string path);
}
