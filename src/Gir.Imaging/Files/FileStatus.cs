using System.Runtime.InteropServices;

namespace Gir.Imaging.Files;

/// <summary>What a path leads to, links followed.</summary>
internal enum FileKind
{
    /// <summary>Nothing that is there.</summary>
    Missing,

    /// <summary>A file whose content lies on a disk.</summary>
    Regular,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A pipe, a socket or a device.</summary>
    Special,
}

/// <summary>What the system knows of a path: its kind, and the numbers that tell two files apart whatever they are called.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Device">Number of the file system; 0 where the system does not tell.</param>
/// <param name="Inode">Number of the file within it; 0 where the system does not tell.</param>
internal readonly record struct FileStatus(FileKind Kind, ulong Device, ulong Inode)
{
    // <linux/stat.h>: the structure has the same layout on every processor.
    private const int StatusLength = 256;
    private const int ModeOffset = 28;
    private const int InodeOffset = 32;
    private const int DeviceOffset = 136;
    private const uint TypeAndInode = 0x101;
    private const int CurrentDirectory = -100;
    private const int TypeMask = 0xF000;
    private const int RegularType = 0x8000;
    private const int DirectoryType = 0x4000;

    private static volatile bool s_hasStatx = OperatingSystem.IsLinux();

    /// <summary>Whether <see cref="Device"/> and <see cref="Inode"/> are known.</summary>
    public bool HasNumbers => Inode != 0;

    /// <summary>Asks the system.</summary>
    public static FileStatus Of(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (s_hasStatx)
        {
            try
            {
                return FromStatx(path);
            }
            catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
            {
                s_hasStatx = false;
            }
        }

        FileKind kind = System.IO.Directory.Exists(path) ? FileKind.Directory : File.Exists(path) ? FileKind.Regular : FileKind.Missing;
        return new FileStatus(kind, 0, 0);
    }

    private static FileStatus FromStatx(string path)
    {
        Span<byte> status = stackalloc byte[StatusLength];
        status.Clear();
        if (FileStatusNative.Statx(CurrentDirectory, path, 0, TypeAndInode, ref MemoryMarshal.GetReference(status)) != 0)
            return default;
        FileKind kind = (MemoryMarshal.Read<ushort>(status[ModeOffset..]) & TypeMask) switch
        {
            RegularType => FileKind.Regular,
            DirectoryType => FileKind.Directory,
            _ => FileKind.Special,
        };
        return new FileStatus(kind, MemoryMarshal.Read<ulong>(status[DeviceOffset..]), MemoryMarshal.Read<ulong>(status[InodeOffset..]));
    }
}

/// <summary>The call itself.</summary>
internal static partial class FileStatusNative
{
    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Statx(int directory, string path, int flags, uint mask, ref byte status);
}
