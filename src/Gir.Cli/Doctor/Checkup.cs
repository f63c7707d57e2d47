using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Gir.Evaluation.TestSets;
using Gir.Imaging;
using Gir.Imaging.Codecs;
using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Cli.Doctor;

/// <summary>Looks at every part of the installation and tries it on something small.</summary>
internal static class Checkup
{
    private const int Side = 16;

    private static readonly (string Package, string Gives)[] s_optional =
    [
        ("Gir.Reports", "reports as pages with charts"),
        ("Gir.Imaging.Magick", "reading and writing JPEG 2000"),
        ("Gir.Imaging.SkiaSharp", "reading WebP and other formats"),
        ("Gir.Models.OnnxRuntime", "running ONNX models"),
        ("Gir.Models.TorchSharp", "running networks on LibTorch"),
        ("Gir.Evaluation.Orleans", "spreading evaluations over machines"),
    ];

    public static IReadOnlyList<Finding> Run() =>
    [
        Runtime(),
        Vectors(),
        Memory(),
        Try("temporary folder", TemporaryFolder),
        .. ImageCodecs.All.Select(codec => Try($"codec {codec.Name}", () => Codec(codec))),
        Try("engine", Engine),
        .. ModelZoo.Shipped.Select(name => Try($"model {name}", () => Model(name))),
        Try($"test set {TestSet.Standard}", StandardTestSet),
        .. s_optional.Select(o => Optional(o.Package, o.Gives)),
    ];

    private static Finding Runtime() => new(
        "gir",
        FindingState.Fine,
        $"{typeof(Checkup).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion} on {RuntimeInformation.FrameworkDescription}, "
            + $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} processors");

    private static Finding Vectors()
    {
        int bits = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 0;
        bool multipliesAndAdds = Fma.IsSupported || System.Runtime.Intrinsics.Arm.AdvSimd.IsSupported;
        string switchedOff = string.Join(", ", new[] { "DOTNET_EnableAVX512", "DOTNET_EnableAVX2", "DOTNET_EnableHWIntrinsic" }.Where(v => Environment.GetEnvironmentVariable(v) == "0"));
        return new Finding(
            "vectors",
            bits >= 256 && multipliesAndAdds ? FindingState.Fine : FindingState.Slow,
            (bits == 0 ? "none" : $"{bits} bits") + (multipliesAndAdds ? ", fused multiply-add" : ", no fused multiply-add: networks are many times slower")
                + (switchedOff.Length > 0 ? $"; switched off by {switchedOff}" : ""));
    }

    private static Finding Memory()
    {
        long mebibytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20;
        return new Finding("memory", FindingState.Fine, $"{mebibytes} MiB for this process");
    }

    private static string TemporaryFolder()
    {
        string folder = Directory.CreateTempSubdirectory("gir-doctor-").FullName;
        try
        {
            ImageFile.Save(Path.Combine(folder, "probe.png"), Probe());
            return $"{Path.GetTempPath()} can be written to";
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Codec(IImageCodec codec)
    {
        ImageBuffer decoded = ImageFile.Decode(ImageFile.Encode(Probe(), codec.Name));
        return decoded.Height == Side && decoded.Width == Side
            ? $"reads and writes {string.Join(", ", codec.Extensions)}"
            : throw new InvalidDataException($"{Side} x {Side} pixels come back as {decoded.Height} x {decoded.Width}");
    }

    private static string Engine()
    {
        using TensorScope scope = TensorScope.Enter();
        Tensor ones = Tensor.Ones([Side, Side]);
        return ones.MatMul(ones).ToArray().All(v => v == Side)
            ? $"{TensorBackend.Default.Name} multiplies matrices"
            : throw new InvalidDataException("a product of ones is not the sum of its row");
    }

    private static string Model(string name)
    {
        Models.Restoration.NetworkRestorer model = ModelZoo.LoadShipped(name);
        model.Restore(Probe());
        return $"{model.Network.Architecture}, {model.Info.Training} ({model.Info.License})";
    }

    private static string StandardTestSet() => $"{TestSet.Load(TestSet.Standard).Images.Count} images, made from seeds";

    private static Finding Optional(string package, string gives)
    {
        try
        {
            return new Finding(package, FindingState.Fine, $"{gives}, version {Shell.OptionalPackages.Load(package).GetName().Version}");
        }
        catch (FileNotFoundException)
        {
            return new Finding(package, FindingState.Absent, $"{gives}: the package does not lie in {Shell.OptionalPackages.Folder}");
        }
        catch (Exception e) when (e is FileLoadException or BadImageFormatException)
        {
            return new Finding(package, FindingState.Broken, $"{gives}: {Shell.Failures.OneLine(e.Message)}");
        }
    }

    /// <summary>One part, whose failure of any kind is a finding and no end.</summary>
    internal static Finding Try(string part, Func<string> look)
    {
        try
        {
            return new Finding(part, FindingState.Fine, look());
        }
        catch (Exception e)
        {
            return new Finding(part, FindingState.Broken, Shell.Failures.OneLine(e.Message));
        }
    }

    private static ImageBuffer Probe()
    {
        var image = new ImageBuffer(3, Side, Side);
        for (int i = 0; i < image.Samples.Length; i++)
            image.Samples[i] = (i % 256) / 255f;
        return image;
    }
}
