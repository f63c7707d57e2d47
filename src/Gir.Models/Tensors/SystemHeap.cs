using System.Runtime.InteropServices;

namespace Gir.Models.Tensors;

/// <summary>
/// The heap that native blocks come from. GNU's returns freed memory to the system from its end alone, and takes blocks of up to 32 MiB from it once such a one was freed: one small block
/// that is still in use then keeps gigabytes of freed ones.
/// </summary>
internal static partial class SystemHeap
{
    private static volatile bool s_isAvailable = OperatingSystem.IsLinux();

    /// <summary>Returns all freed pages to the system; does nothing where the heap cannot be told to.</summary>
    public static void ReturnFreedPages()
    {
        if (!s_isAvailable)
            return;
        try
        {
            _ = Trim(0);
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
        {
            // musl's heap has no such call, and needs none.
            s_isAvailable = false;
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint pad);
}
