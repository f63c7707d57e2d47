using Gir.Imaging;
using Gir.Models.Onnx.Format;
using Gir.Models.Restoration;
using Gir.Models.Tests.Serialization;
using Gir.Models.Zoo;

namespace Gir.Models.OnnxRuntime.Tests;

public sealed class OnnxRestorerTests
{
    private readonly OnnxFiles _files = new();

    [OneTimeTearDown]
    public void RemoveFiles() => _files.Dispose();

    [TestCase("NAFNet", 0, null)]
    [TestCase("GirNet", 32, null)]
    [TestCase("FFDNet", 0, 25.0)]
    [TestCase("HAT", 48, null)]
    [TestCase("DnCNN", 0, null)]
    [TestCase("DASR", 0, null)]
    [TestCase("SwinIR", null, null)]
    public void An_exported_network_restores_as_it_does_here(string name, int? tile, double? noise)
    {
        RestorationNetwork network = TinyNetworks.All.Single(n => n.Architecture == name);
        var options = new NetworkRestorerOptions { TileSize = tile, NoiseLevel = noise, TileOverlap = 16 };
        using OnnxRestorer onnx = OnnxRestorer.Load(_files.Export(network), new OnnxRestorerOptions { Restoration = options });
        var ours = new NetworkRestorer(network, options);
        // Networks of one size know no other, here either.
        int side = network.Tiling == TilingSupport.Unsupported ? network.Size.Minimum : 61;
        foreach (int channels in new[] { 1, 3 })
        {
            ImageBuffer image = Image(channels, side, side == 61 ? 45 : side);
            AssertEqual(onnx.Restore(image), ours.Restore(image), name);
        }

        Assert.That((onnx.Info.Scale, onnx.Info.Channels, onnx.Info.ParameterCount), Is.EqualTo((ours.Info.Scale, ours.Info.Channels, ours.Info.ParameterCount)));
    }

    [TestCase(100, 130)]
    [TestCase(64, 80)]
    [TestCase(40, 170)]
    [TestCase(7, 9)]
    public void A_model_of_one_size_restores_images_of_any(int height, int width)
    {
        RestorationNetwork network = TinyNetworks.Srcnn();
        string path = _files.Export(network, new() { FixedSize = (64, 80) });
        using OnnxRestorer onnx = OnnxRestorer.Load(path, new OnnxRestorerOptions { Restoration = new() { TileOverlap = 24 } });
        ImageBuffer image = Image(3, height, width);
        ImageBuffer expected = new NetworkRestorer(network).Restore(image);
        // At the image's border this network sees zeros, and the model of one size what the image is filled up with.
        int border = height >= 64 && width >= 80 ? 0 : 3;
        ImageBuffer actual = onnx.Restore(image);
        AssertEqual(Inside(actual, border), Inside(expected, border), $"{height} x {width}");
    }

    [Test]
    public void Layout_range_and_scale_of_strangers_come_from_shapes_and_options()
    {
        string path = _files.Make(
            [new OnnxPort("image", ["n", "h", "w", 3L])], [new OnnxPort("restored", ["n", "h2", "w2", 3L])], g => g.Node("Add", ["image", g.Real(51)]));
        using OnnxRestorer onnx = OnnxRestorer.Load(path, new OnnxRestorerOptions { Range = 255 });
        ImageBuffer image = Image(3, 11, 14);
        ImageBuffer restored = onnx.Restore(image);
        for (int i = 0; i < image.Array.Length; i++)
            Assert.That(restored.Array[i], Is.EqualTo(image.Array[i] + 0.2f).Within(1e-6f));
        Assert.That(onnx.Info.Name, Is.EqualTo(Path.GetFileNameWithoutExtension(path)));
    }

    [Test]
    public void Half_precision_inputs_and_outputs_are_converted()
    {
        string path = _files.Make([OnnxFiles.Nchw("x", type: OnnxType.Float16)], [OnnxFiles.Nchw("y", type: OnnxType.Float16)], g => g.Node("Relu", ["x"]));
        using OnnxRestorer onnx = OnnxRestorer.Load(path);
        ImageBuffer image = Image(3, 9, 8);
        ImageBuffer restored = onnx.Restore(image);
        Assert.That(restored.Array, Is.EqualTo(Array.ConvertAll(image.Array, v => (float)(Half)v)));
    }

    [Test]
    public void The_scale_is_found_by_a_try_where_nothing_says_it()
    {
        string path = _files.Make(
            [OnnxFiles.Nchw("x")], [OnnxFiles.Nchw("y")],
            g => g.Node("Resize", ["x", "", g.Constant(new OnnxTensor("scales", OnnxType.Float32, [4], () => new float[] { 1, 1, 2, 2 }))], new OnnxAttribute("mode", "nearest")));
        using OnnxRestorer onnx = OnnxRestorer.Load(path);
        ImageBuffer restored = onnx.Restore(Image(3, 5, 7));
        Assert.That((onnx.Info.Scale, restored.Height, restored.Width), Is.EqualTo((2, 10, 14)));
        using OnnxRestorer wrong = OnnxRestorer.Load(path, new OnnxRestorerOptions { Scale = 3 });
        Assert.That(() => wrong.Restore(Image(3, 5, 7)), Throws.TypeOf<OnnxModelException>().With.Message.Contains("[1, 3, 10, 14]").And.Message.Contains("[1, 3, 15, 21]"));
    }

    [Test]
    public void What_is_no_model_of_images_is_refused_by_name()
    {
        byte[] whole = File.ReadAllBytes(_files.Export(TinyNetworks.Srcnn()));
        Refused(_files.Bytes([]), "refuses the model");
        Refused(_files.Bytes(new byte[5000]), "refuses the model");
        Refused(_files.Bytes("this is not a model at all"u8.ToArray()), "refuses the model");
        for (int length = 1; length < whole.Length; length += 97)
            Assert.That(() => OnnxRestorer.Load(_files.Bytes(whole[..length])), Throws.TypeOf<OnnxModelException>(), $"cut at {length}");
        OnnxPort x = OnnxFiles.Nchw("x");
        OnnxPort y = OnnxFiles.Nchw("y");
        Refused(_files.Make([x, OnnxFiles.Nchw("z")], [y], g => g.Node("Add", ["x", "z"])), "found 2");
        Refused(_files.Make([x, new("amount", [1L])], [y], g => g.Node("Mul", ["x", "amount"])), "beside the image: amount");
        Refused(_files.Make([new("x", ["n", 3L])], [new("y", ["n", 3L])], g => g.Node("Relu", ["x"])), "found 0");
        Refused(_files.Make([new("x", ["n", 3L, "h", "w"], OnnxType.Int64)], [new("y", ["n", 3L, "h", "w"], OnnxType.Int64)], g => g.Node("Abs", ["x"])), "Int64");
        Refused(_files.Make([OnnxFiles.Nchw("x", 7)], [OnnxFiles.Nchw("y", 7)], g => g.Node("Relu", ["x"])), "7 channels");
        Refused(_files.Make([new("x", [4L, 3L, "h", "w"])], [new("y", [4L, 3L, "h", "w"])], g => g.Node("Relu", ["x"])), "4 images at a time");
        Refused(_files.Make([x], [y], g => g.Node("Relu", ["x"]), new Dictionary<string, string> { ["gir.scale"] = "many" }), "gir.scale");
        Refused(_files.Make([x], [y], g => g.Node("MaxPool", ["x"], new("kernel_shape", new long[] { 2, 2 }), new("strides", new long[] { 2, 2 }))), "32 x 32 of 64 x 64");

        static void Refused(string path, string finding) => Assert.That(
            () => OnnxRestorer.Load(path), Throws.TypeOf<OnnxModelException>().With.Message.Contains(finding).And.Message.StartsWith(path).And.Message.Not.Contains("\n"), finding);
    }

    [Test]
    public void Options_are_checked()
    {
        string path = _files.Export(TinyNetworks.Srcnn());
        Assert.Multiple(() =>
        {
            Assert.That(() => OnnxRestorer.Load(_files.Path("absent.onnx")), Throws.TypeOf<FileNotFoundException>());
            Assert.That(() => OnnxRestorer.Load(path, new() { MaxModelBytes = 100 }), Throws.TypeOf<OnnxModelException>().With.Message.Contains("MaxModelBytes"));
            Assert.That(() => OnnxRestorer.Load(path, new() { Providers = ["warp"] }), Throws.TypeOf<OnnxModelException>().With.Message.Contains("'warp'").And.Message.Contains("cpu"));
            Assert.That(() => OnnxRestorer.Load(path, new() { Providers = [] }), Throws.ArgumentException);
            Assert.That(() => OnnxRestorer.Load(path, new() { Scale = 0 }), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => OnnxRestorer.Load(path, new() { Range = float.NaN }), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => OnnxRestorer.Load(path, new() { SizeMultiple = 0 }), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => OnnxRestorer.Load(path, new() { InputName = "picture" }), Throws.TypeOf<OnnxModelException>().With.Message.Contains("'picture'").And.Message.Contains("'input'"));
        });
    }

    [Test]
    public void A_restorer_serves_several_threads_stops_when_asked_and_ends()
    {
        string path = _files.Export(TinyNetworks.All.Single(n => n.Architecture == "NAFNet"));
        OnnxRestorer onnx = OnnxRestorer.Load(path);
        ImageBuffer image = Image(3, 40, 40);
        ImageBuffer expected = onnx.Restore(image);
        Parallel.For(0, 16, _ => Assert.That(onnx.Restore(image).Array, Is.EqualTo(expected.Array)));
        Assert.That(() => onnx.Restore(image, new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(onnx.Identity, Has.Length.EqualTo(64).And.Not.EqualTo(OnnxRestorer.Load(_files.Export(TinyNetworks.Srcnn())).Identity));
        onnx.Dispose();
        Assert.That(() => onnx.Restore(image), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void ONNX_files_are_known_to_the_factory_once_their_format_is()
    {
        string path = _files.Export(TinyNetworks.Srcnn(), new() { Metadata = new Dictionary<string, string> { ["name"] = "tiny" } });
        Restorers.Add(new OnnxRestorerFormat());
        IRestorer restorer = Restorers.Create(path, new RestorerOptions { MaxDegreeOfParallelism = 1 });
        Assert.That(restorer, Is.TypeOf<OnnxRestorer>());
        Assert.That(restorer.Info.Name, Is.EqualTo("tiny"));
        Assert.That(() => Restorers.Create(path, new RestorerOptions { Network = new() { Architecture = "SRCNN" } }), Throws.ArgumentException.With.Message.Contains("graph of its own"));
    }

    private static ImageBuffer Image(int channels, int height, int width)
    {
        var image = new ImageBuffer(channels, height, width);
        for (int i = 0; i < image.Array.Length; i++)
            image.Array[i] = 0.5f + (0.5f * MathF.Sin((i * 0.37f) + (i % 7)));
        return image;
    }

    private static ImageBuffer Inside(ImageBuffer image, int border) => border == 0 ? image : image.Crop(border, border, image.Height - (2 * border), image.Width - (2 * border));

    private static void AssertEqual(ImageBuffer actual, ImageBuffer expected, string what)
    {
        Assert.That(actual.ToString(), Is.EqualTo(expected.ToString()), what);
        double error = Images.MaxDifference(actual.Array, Array.ConvertAll(expected.Array, v => (double)v));
        double largest = Math.Max(1, expected.Array.Max(Math.Abs));
        // What differs is the order of sums, in networks of few layers.
        Assert.That(error / largest, Is.LessThanOrEqualTo(2e-5), what);
    }
}
