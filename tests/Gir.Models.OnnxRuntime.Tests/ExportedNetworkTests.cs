using Gir.Models.Nn;
using Gir.Models.Onnx;
using Gir.Models.Serialization;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;
using Gir.Models.Tests.Backbones;
using Gir.Models.Tests.Serialization;
using Gir.Models.Tests.Zoo;
using Gir.Models.Zoo;
using Microsoft.ML.OnnxRuntime;

namespace Gir.Models.OnnxRuntime.Tests;

/// <summary>What the exporter writes gives, in ONNX Runtime, what the network gives here.</summary>
public sealed class ExportedNetworkTests
{
    // Of the largest value: the goldens' own bound for networks of few layers.
    private const double Tolerance = 2e-5;

    public static IEnumerable<string> Architectures => ModelZoo.Names;

    [TestCaseSource(nameof(Architectures))]
    public void Every_architecture_gives_the_same_output(string name)
    {
        RestorationNetwork network = TinyNetworks.All.Single(n => n.Architecture == name);
        Shake(network);
        byte[] model = Export(network, out OnnxModelDescription description);
        using var session = new InferenceSession(model);
        bool isFree = session.InputMetadata["input"].Dimensions[2] == -1;
        Assert.That(isFree, Is.EqualTo(network.Tiling != TilingSupport.Unsupported), name);
        (int, int)[] sizes = isFree ? [Size(description, 24, 40), Size(description, 41, 33)] : [(network.Size.Minimum, network.Size.Minimum)];
        foreach ((int height, int width) in sizes)
            AssertSame(network, session, isFree && session.InputMetadata["input"].Dimensions[0] == -1 ? 2 : 1, height, width);
    }

    public static IEnumerable<string> Goldens => Directory.EnumerateFiles(TestData.Golden("models"), "*.safetensors")
        .Select(path => Path.GetFileNameWithoutExtension(path))
        .Where(name => !name.StartsWith("full_", StringComparison.Ordinal) && name is not ("ops" or "training" or "dasr_train_x2" or "restormer_odd_padded"))
        .Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(Goldens))]
    public void Every_small_golden_network_gives_the_same_output_within_its_tolerance(string name)
    {
        ModelGolden golden = ModelGolden.Load(name);
        RestorationNetwork network = LoadedNetwork.Of(golden.State(), golden.Hyper);
        using var session = new InferenceSession(Export(network, out OnnxModelDescription description));
        foreach (string input in new[] { "input", "input2" }.Where(golden.Data.Contains))
        {
            Tensor x = golden.Read(input);
            (int height, int width) = Size(description, x.Shape[2], x.Shape[3]);
            if (session.InputMetadata["input"].Dimensions[0] == 1)
                x = x.Narrow(0, 0, 1);
            x = x.Pad2d(TensorPadMode.Replicate, 0, width - x.Shape[3], 0, height - x.Shape[2]);
            // Two networks are told the noise as a number in their goldens, and as a map in images.
            if (x.Shape[1] == network.InputChannels && network.TakesNoiseMap)
                x = TensorOps.Concatenate(1, x, Tensor.Full([x.Shape[0], 1, height, width], 0.1f));
            AssertSame(network, session, x, Ramp([1, 1, 1, 1], 1), golden.Tolerance);
        }
    }

    [TestCase(CheckpointDataType.Float32, Tolerance)]
    [TestCase(CheckpointDataType.Float16, 0)]
    public void The_shipped_model_gives_the_same_output(CheckpointDataType type, double tolerance)
    {
        RestorationNetwork network = ModelZoo.LoadShipped("gir-v1").Network;
        using var session = new InferenceSession(Export(network, out OnnxModelDescription description, new() { WeightType = type }));
        // Its weights are stored in 16 bits already: nothing is lost.
        tolerance = tolerance == 0 ? Tolerance : tolerance;
        foreach ((int height, int width) in new[] { Size(description, 64, 96), Size(description, 112, 80) })
            AssertSame(network, session, 2, height, width, tolerance);
    }

    [Test]
    public void A_model_of_one_size_gives_the_same_output()
    {
        RestorationNetwork network = TinyNetworks.All.Single(n => n.Architecture == "NAFNet");
        Shake(network);
        using var session = new InferenceSession(Export(network, out _, new() { FixedSize = (30, 44) }));
        Assert.That(session.InputMetadata["input"].Dimensions, Is.EqualTo(new[] { 1, 3, 30, 44 }));
        AssertSame(network, session, 1, 30, 44);
    }

    private static (int Height, int Width) Size(OnnxModelDescription description, int height, int width)
    {
        int Up(int size) => (Math.Max(size, description.Size.Minimum) + description.Size.Multiple - 1) / description.Size.Multiple * description.Size.Multiple;
        return (Up(height), Up(width));
    }

    // Weights that start at zero would hide what they multiply.
    private static void Shake(RestorationNetwork network)
    {
        ulong state = 1;
        foreach ((string key, Tensor tensor) in network.Module.StateDictionary())
        {
            float[] values = tensor.ToArray();
            for (int i = 0; i < values.Length; i++)
            {
                state = (state * 6364136223846793005) + 1442695040888963407;
                values[i] += ((float)(state >> 40) / (1 << 24) * 0.1f) - (key.EndsWith("running_var", StringComparison.Ordinal) ? 0 : 0.05f);
            }

            tensor.Storage.Write(values);
        }
    }

    private static byte[] Export(RestorationNetwork network, out OnnxModelDescription description, OnnxExportOptions? options = null)
    {
        using var stream = new MemoryStream();
        description = OnnxExporter.Export(network, stream, options);
        return stream.ToArray();
    }

    private static void AssertSame(RestorationNetwork network, InferenceSession session, int batch, int height, int width, double tolerance = Tolerance)
    {
        int channels = network.InputChannels + (network.TakesNoiseMap ? 1 : 0);
        int side = network.ThumbnailSize;
        Tensor thumbnail = Ramp([batch, PictureThumbnail.Planes(network.InputChannels), Math.Max(side, 1), Math.Max(side, 1)], network.Range);
        AssertSame(network, session, Ramp([batch, channels, height, width], network.Range), thumbnail, tolerance);
    }

    private static void AssertSame(RestorationNetwork network, InferenceSession session, Tensor image, Tensor thumbnail, double tolerance)
    {
        Tensor expected;
        using (Tape.NoGradient())
        {
            expected = network.Module is IPictureConditioned conditioned
                ? conditioned.Call(image, conditioned.Encode(thumbnail))
                : network.Module.Call(image);
        }

        var inputs = new Dictionary<string, OrtValue> { ["input"] = Value(image) };
        if (network.ThumbnailSize > 0)
            inputs.Add("thumbnail", Value(thumbnail));
        using var run = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(run, inputs, ["output"]);
        Assert.That(outputs[0].GetTensorTypeAndShape().Shape, Is.EqualTo(expected.Shape.Sizes.ToArray().Select(s => (long)s)));
        double largest = expected.ToArray().Max(Math.Abs);
        double error = Images.MaxDifference(outputs[0].GetTensorDataAsSpan<float>().ToArray(), expected.ToArray().Select(v => (double)v).ToArray()) / largest;
        TestContext.Out.WriteLine(FormattableString.Invariant($"{network.Architecture} {image.Shape}: error {error:E1} of {largest:F3}"));
        Assert.That(error, Is.LessThanOrEqualTo(tolerance), $"{network.Architecture} {image.Shape}");
    }

    private static OrtValue Value(Tensor tensor) => OrtValue.CreateTensorValueFromMemory(tensor.ToArray(), [.. tensor.Shape.Sizes.ToArray().Select(s => (long)s)]);

    private static Tensor Ramp(TensorShape shape, float range) =>
        Tensor.From([.. Enumerable.Range(0, shape.Length).Select(i => range * (0.5f + (0.5f * MathF.Sin((i * 0.37f) + (i % 7)))))], shape);
}
