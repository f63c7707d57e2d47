#:project ../src/Gir.Models/Gir.Models.csproj
#:property PublishAot=false
// Makes a file with every tensor of Stable Diffusion 2.1 (autoencoder and U-Net) and of a control branch of DiffBIR in float16, with drawn weights, and restores a picture with it, to measure
// memory and time; the picture that comes out means nothing.
// Run from the repository's root: dotnet run -c Release docs/cldm-memory.cs make FILE
// and, since a process's peak is what is measured, in another one: dotnet run -c Release docs/cldm-memory.cs restore FILE [STEPS [WIDTH HEIGHT [AUTOENCODER-TILE [compact|wide|offload]]]]
// AUTOENCODER-TILE 0 encodes and decodes the whole image; "compact" and "wide" say how weights are kept, which the file decides otherwise, "offload" holds only the networks at work. Takes 2.6 GB of disk and up to 10 GB of memory.
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gir.Imaging;
using Gir.Imaging.Random;
using Gir.Imaging.Scenes;
using Gir.Models.Generative.Diffusion;
using Gir.Models.Restoration;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Backends.Cpu;

int Number(int index, int otherwise) => args.Length > index ? int.Parse(args[index], CultureInfo.InvariantCulture) : otherwise;
switch (args)
{
    case ["make", var path]:
        Make(path);
        return 0;
    case ["restore", var path, ..]:
        Restore(path, Number(2, 1), Number(3, 1024), Number(4, 768), Number(5, 0), args.Length > 6 ? args[6] : "");
        return 0;
    default:
        Console.Error.WriteLine("Expected: make FILE, or restore FILE [STEPS [WIDTH HEIGHT [AUTOENCODER-TILE [compact|wide|offload]]]]");
        return 2;
}

static void Restore(string path, int steps, int width, int height, int tile, string weights)
{
    // Blocks that wait for reuse are memory, too.
    TensorBackend.Default = new CpuBackend(new CpuBackendOptions { MemoryCacheLimit = 128 << 20 });
    var watch = System.Diagnostics.Stopwatch.StartNew();
    var options = new LatentDiffusionOptions
    {
        Steps = steps, Start = DiffusionStart.Condition, TileSize = 64, TileStride = 32, AutoencoderTileSize = tile > 0 ? tile : null, Text = Tensor.Zeros([1, 77, 1024]),
    };
    var restorer = LatentDiffusionRestorer.Load([path], null, options, compactWeights: weights switch { "compact" => true, "wide" => false, _ => null }, offload: weights == "offload");
    Tell($"loaded {restorer.Info.ParameterCount:N0} values");
    ImageBuffer picture = SceneGenerator.Create(1, height, width).Image;
    ImageBuffer restored = restorer.Restore(picture, new Told(p => Tell($"{p.Done} of {p.Total}")));
    Tell($"{restored}, SHA-256 of its samples {Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes<float>(restored.Samples)))[..16]}..");

    void Tell(string what)
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{watch.Elapsed.TotalSeconds,6:F0} s, {process.WorkingSet64 / 1e6,6:F0} MB, at most {process.PeakWorkingSet64 / 1e6,6:F0} MB: {what}"));
    }
}

static void Make(string path)
{
    JsonElement keys = JsonDocument.Parse(File.ReadAllText("tests/golden/cldm/keys.json")).RootElement;
    var tensors = new List<(string Name, int[] Shape)>();
    foreach (string part in new[] { "vae", "unet", "controlnet_diffbir" })
    {
        string prefix = part == "controlnet_diffbir" ? "control." : keys.GetProperty(part).GetProperty("prefix").GetString()!;
        tensors.AddRange(keys.GetProperty(part).GetProperty("tensors").EnumerateObject().Select(t => (prefix + t.Name, t.Value[0].EnumerateArray().Select(s => s.GetInt32()).ToArray())));
    }

    long offset = 0;
    var entries = new List<string>();
    foreach ((string name, int[] shape) in tensors)
    {
        long end = offset + (2 * shape.Aggregate(1L, (a, b) => a * b));
        entries.Add($"\"{name}\":{{\"dtype\":\"F16\",\"shape\":[{string.Join(',', shape)}],\"data_offsets\":[{offset},{end}]}}");
        offset = end;
    }

    byte[] header = Encoding.UTF8.GetBytes("{" + string.Join(',', entries) + "}");
    using FileStream file = File.Create(path);
    file.Write(BitConverter.GetBytes((long)header.Length));
    file.Write(header);
    for (int i = 0; i < tensors.Count; i++)
        Fill(file, (ulong)i, tensors[i].Shape, tensors[i].Name.EndsWith(".weight", StringComparison.Ordinal) ? 1 : 0);
}

// Weights U(-1, 1) sqrt(3 / fan in), scales of normalizations 1, biases 0.
static void Fill(FileStream file, ulong seed, int[] shape, int ofVector)
{
    int length = shape.Aggregate(1, (a, b) => a * b);
    double bound = Math.Sqrt(3.0 * shape[0] / length);
    var draws = new double[1 << 16];
    var halves = new Half[draws.Length];
    for (int start = 0; start < length; start += draws.Length)
    {
        int count = Math.Min(draws.Length, length - start);
        if (shape.Length > 1)
            Philox4x32.FillUniform(draws.AsSpan(0, count), seed, offset: (ulong)start);
        for (int i = 0; i < count; i++)
            halves[i] = shape.Length > 1 ? (Half)(((2 * draws[i]) - 1) * bound) : (Half)ofVector;
        file.Write(MemoryMarshal.AsBytes(halves.AsSpan(0, count)));
    }
}

internal sealed class Told(Action<RestorationProgress> tell) : IProgress<RestorationProgress>
{
    public void Report(RestorationProgress value) => tell(value);
}
