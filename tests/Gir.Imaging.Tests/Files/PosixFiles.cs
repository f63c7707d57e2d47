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

    [LibraryImport("libc", EntryPoint = "mkfifo", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeFifo(string path, int mode);

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string path);
}
