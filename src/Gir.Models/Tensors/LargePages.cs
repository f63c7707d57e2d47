using System.Runtime.InteropServices;

namespace Gir.Models.Tensors;

/// <summary>
/// Memory in pages of 2 MiB where the system grants them: a stream over 4 KiB pages waits for address translation, and touching a fresh block
/// costs one fault for each page.
/// </summary>
internal static unsafe partial class LargePages
{
    /// <summary>Bytes of a large page; blocks aligned to it can consist of whole ones.</summary>
    public const int Size = 2 << 20;

    // MADV_HUGEPAGE of <sys/mman.h>: the usual setting of Linux gives large pages to those who ask.
    private const int UseHugePages = 14;

    private static volatile bool s_isAvailable = OperatingSystem.IsLinux();

    /// <summary>Asks for large pages; a wish, not a need: without them everything works, more slowly.</summary>
    /// <param name="block">Aligned to <see cref="Size"/>.</param>
    /// <param name="bytes">Its length.</param>
    public static void Request(void* block, long bytes)
    {
        if (!s_isAvailable)
            return;
        try
        {
            _ = Advise(block, (nuint)bytes, UseHugePages);
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
        {
            s_isAvailable = false;
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);
}
