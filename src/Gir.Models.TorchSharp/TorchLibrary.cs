using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp;

namespace Gir.Models.TorchSharp;

/// <summary>Loads libtorch, and tells in one line why it does not load.</summary>
internal static partial class TorchLibrary
{
    private const string Name = "LibTorchSharp";
    private const string Systems = "Debian 13, Ubuntu 24.04, RHEL 10, Fedora 40 and newer, Windows 10 and newer, macOS 13 on Apple silicon and newer";
    private const string Caches = "/sys/devices/system/cpu/cpu0/cache";
    private const string InstructionSet = "ONEDNN_MAX_CPU_ISA";
    private const string SafeInstructionSet = "SSE41";
    private const string Packages = "TorchSharp-cpu, TorchSharp-cuda-linux or TorchSharp-cuda-windows";

    /// <summary>Loads the native part and finds the device.</summary>
    /// <param name="text">The device, as torch writes it.</param>
    /// <exception cref="ArgumentException">The text is no device.</exception>
    /// <exception cref="TorchEngineException">The native part does not load, there is no such device, or the processor is asked for and computes wrongly.</exception>
    public static torch.Device Open(string text)
    {
        (DeviceType type, int index) = Parse(text);
        Load();
        if (type == DeviceType.CPU)
        {
            CheckConvolution();
            return new torch.Device(DeviceType.CPU, -1);
        }

        if (type == DeviceType.CUDA)
            OpenCuda(text, index);
        return new torch.Device(type, Math.Max(index, 0));
    }

    /// <summary>The kind of a device and its number, -1 where none is given.</summary>
    /// <exception cref="ArgumentException">The text is no device.</exception>
    internal static (DeviceType Type, int Index) Parse(string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        return Find(text) ?? throw new ArgumentException($"'{text}' is no device; expected \"cpu\", \"cuda\", \"cuda:N\" or \"mps\".", nameof(text));
    }

    /// <summary>Whether a text is a device; whether there is one is another question.</summary>
    internal static bool IsDevice(string? text) => text is not null && Find(text) is not null;

    private static (DeviceType Type, int Index)? Find(string text)
    {
        string[] parts = text.Split(':');
        DeviceType? type = parts[0] switch { "cpu" => DeviceType.CPU, "cuda" => DeviceType.CUDA, "mps" => DeviceType.MPS, _ => null };
        int index = -1;
        bool numbered = parts.Length == 2 && int.TryParse(parts[1], System.Globalization.NumberStyles.None, null, out index);
        return type is null || parts.Length > 2 || (parts.Length == 2 && !numbered) ? null : (type.Value, index);
    }

    // TorchSharp prints pages to the console where it fails: it is asked only once the library is known to load.
    private static void Load()
    {
        MindHiddenCaches();
        Assembly assembly = typeof(torch).Assembly;
        NativeLibrary.TryLoad("torch_cuda", assembly, null, out _);
        NativeLibrary.TryLoad("torch_cpu", assembly, null, out _);
        try
        {
            NativeLibrary.Load(Name, assembly, null);
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
        {
            throw Explain(exception);
        }

        try
        {
            torch.InitializeDeviceType(DeviceType.CPU);
        }
        catch (Exception exception) when (exception is NotSupportedException or TypeInitializationException or DllNotFoundException)
        {
            throw Explain(exception);
        }
    }

    // A virtual machine may hide the sizes of its caches. Convolutions that oneDNN, a part of libtorch, makes for AVX and more then come out wrong (measured: gradients of inputs,
    // transposed convolutions, with AVX plain ones of 64 channels, off by as much as the values themselves), those for SSE 4.1 right. Who has set the variable keeps his word.
    private static void MindHiddenCaches()
    {
        if (OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64 && !Directory.Exists(Caches))
            _ = SetEnvironmentVariable(InstructionSet, SafeInstructionSet, overwrite: 0);
    }

    // .NET's own variables do not reach native code.
    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironmentVariable(string name, string value, int overwrite);

    /// <summary>Makes sure that a transposed convolution of ones comes out as it should: as the number of neighbors that a pixel has.</summary>
    /// <exception cref="TorchEngineException">It does not.</exception>
    private static void CheckConvolution()
    {
        // Of one small image libtorch makes it without oneDNN.
        const int Images = 2;
        const int Channels = 3;
        const int Side = 9;
        const int Inner = Side - 2;
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor sums = torch.nn.functional.conv_transpose2d(torch.ones(Images, Channels, Side, Side), torch.ones(Channels, Channels, 3, 3), padding: [1, 1]);
        // Nine neighbors inside, six at a border, four in a corner.
        bool isRight = sums.narrow(2, 1, Inner).narrow(3, 1, Inner).eq(9 * Channels).all().item<bool>()
            && sums.sum().item<float>() == Images * Channels * Channels * ((9 * Inner * Inner) + (4 * 6 * Inner) + (4 * 4));
        if (isRight)
            return;
        throw new TorchEngineException(
            $"libtorch computes transposed convolutions wrongly on this processor, and so would restore and train wrongly. Set the environment variable {InstructionSet}={SafeInstructionSet} before the program starts, or use the managed engine.");
    }

    /// <summary>One line for a failure to load.</summary>
    internal static TorchEngineException Explain(Exception exception)
    {
        string text = exception.Message;
        string what = text.Contains("GLIBC", StringComparison.Ordinal)
            ? $"this system's C++ library is older than it needs (GLIBCXX_3.4.32, of GCC 13); systems that work: {Systems}"
            : text.Contains("libtorch", StringComparison.Ordinal) || text.Contains("libc10", StringComparison.Ordinal) || text.Contains("GLIBC", StringComparison.Ordinal)
                ? $"libtorch itself is missing beside it: add the package {Packages}"
                : $"it was not found: add the package {Packages}; systems that work: {Systems}";
        return new TorchEngineException($"The native library {Name} does not load on {RuntimeInformation.RuntimeIdentifier}: {what}.", exception);
    }

    private static void OpenCuda(string text, int index)
    {
        bool available;
        try
        {
            available = torch.cuda.is_available();
        }
        catch (Exception exception) when (exception is NotSupportedException or ExternalException)
        {
            throw new TorchEngineException(NoCuda(text), exception);
        }

        if (!available)
            throw new TorchEngineException(NoCuda(text));
        int count = torch.cuda.device_count();
        if (index >= count)
            throw new TorchEngineException($"There is no device '{text}': libtorch sees {count} CUDA device{(count == 1 ? "" : "s")}, cuda:0{(count > 1 ? $" to cuda:{count - 1}" : "")}.");
    }

    private static string NoCuda(string text) =>
        $"There is no device '{text}': libtorch sees no CUDA; it needs the package TorchSharp-cuda-linux or TorchSharp-cuda-windows in place of TorchSharp-cpu, and NVIDIA's driver for CUDA 12.8.";
}
