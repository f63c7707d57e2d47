using Gir.Imaging;
using Gir.Imaging.Random;
using Gir.Models.Backbones.GirNet;
using Gir.Models.Nn;
using Gir.Models.Restoration;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;
using Gir.Models.Zoo;

namespace Gir.Models.Tests.Backbones;

public sealed class GirNetTests
{
    private const string Small = """{"features":[6,5,4,3],"blocks":1,"code":8,"thumbnail":8}""";

    [Test]
    public void The_default_is_below_eight_megabytes_in_half_precision() => Assert.That(new GirNet().ParameterCount(), Is.EqualTo(3_777_145));

    [Test]
    public void A_new_network_changes_nothing()
    {
        Tensor x = Noise([2, 3, 32, 48], 1);
        Assert.That(new GirNet(new GirNetOptions { Features = [6, 5, 4, 3], Code = 8 }).Call(x).ToArray(), Is.EqualTo(x.ToArray()));
    }

    [Test]
    public void Where_nothing_is_to_be_trusted_the_picture_stays()
    {
        RestorationNetwork network = Random(Small);
        Tensor x = Noise([1, 3, 32, 32], 1);
        Assert.That(Change(), Is.GreaterThan(0.01f));
        Tensor bias = network.Module.NamedParameters().Single(p => p.Key == "trust.1.bias").Value;
        bias.Storage.Write([-400f]);
        Assert.That(Change(), Is.LessThan(1e-6f));

        float Change() => network.Module.Call(x).ToArray().Zip(x.ToArray(), (a, b) => Math.Abs(a - b)).Max();
    }

    [Test]
    public void A_checkpoint_without_that_part_trusts_everything()
    {
        RestorationNetwork network = Random(Small[..^1] + ",\"trust\":0}");
        Assert.That(network.Module.NamedParameters().Any(p => p.Key.StartsWith("trust", StringComparison.Ordinal)), Is.False);
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, "girnet-all.safetensors");
        ModelZoo.Save(path, network);
        Tensor x = Noise([1, 3, 32, 32], 3);
        Assert.That(ModelZoo.LoadNetwork(path).Module.Call(x).ToArray(), Is.EqualTo(network.Module.Call(x).ToArray()));
    }

    [Test]
    public void The_code_of_the_picture_changes_what_is_made_of_a_part()
    {
        var network = (IPictureConditioned)Random(Small).Module;
        Tensor part = Noise([1, 3, 16, 16], 1);
        float[] dark = network.Call(part, network.Encode(Tensor.Full([1, 6, 8, 8], 0.1f))).ToArray();
        float[] bright = network.Call(part, network.Encode(Tensor.Full([1, 6, 8, 8], 0.9f))).ToArray();
        Assert.That(dark.Zip(bright, (a, b) => Math.Abs(a - b)).Max(), Is.GreaterThan(1e-3));
    }

    [Test]
    public void Alone_it_takes_its_input_for_the_whole_picture()
    {
        RestorationNetwork network = Random(Small);
        var conditioned = (IPictureConditioned)network.Module;
        Tensor x = Noise([2, 3, 32, 16], 1);
        float[] expected = conditioned.Call(x, conditioned.Encode(PictureThumbnail.Of(x, 8))).ToArray();
        Assert.That(network.Module.Call(x).ToArray(), Is.EqualTo(expected));
    }

    [Test]
    public void Gradients_are_those_of_finite_differences()
    {
        RestorationNetwork network = Random(Small);
        Tensor x = Noise([1, 3, 16, 16], 1);
        Tensor target = Noise([1, 3, 16, 16], 2);
        network.Module.Call(x).MeanSquaredErrorLoss(target).Backward();
        foreach ((string key, Tensor parameter) in network.Module.NamedParameters())
        {
            Assert.That(parameter.Gradient, Is.Not.Null, key);
            // Along the gradient the loss grows by its squared length.
            float[] own = parameter.ToArray();
            float[] gradient = parameter.Gradient!.ToArray();
            double length = Math.Sqrt(gradient.Sum(g => (double)g * g));
            double slope = (Shifted(1) - Shifted(-1)) / 2;
            parameter.Storage.Write(own);
            // The third derivative and float32's rounding of a loss near 1.
            Assert.That(slope, Is.EqualTo(length * Step).Within((0.05 * length * Step) + 2e-7), key);

            double Shifted(int sign)
            {
                parameter.Storage.Write([.. own.Zip(gradient, (w, g) => w + (float)(sign * Step * g / Math.Max(length, 1e-12)))]);
                using Tape.NoGradientScope quiet = Tape.NoGradient();
                return network.Module.Call(x).MeanSquaredErrorLoss(target).Item();
            }
        }
    }

    [Test]
    public void A_checkpoint_is_recognized_with_its_configuration()
    {
        RestorationNetwork network = Random(Small);
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, "girnet.safetensors");
        ModelZoo.Save(path, network);
        RestorationNetwork again = ModelZoo.LoadNetwork(path);
        Tensor x = Noise([1, 3, 32, 32], 3);
        Assert.That(again.Module.Call(x).ToArray(), Is.EqualTo(network.Module.Call(x).ToArray()));
        Assert.That((again.Architecture, again.Configuration), Is.EqualTo((network.Architecture, network.Configuration)));
    }

    [Test]
    public void All_tiles_of_a_picture_share_its_code()
    {
        // With kernels of one tap, and without trust that is blended, nothing reaches over a tile's border: only tiles that take themselves for the picture would differ.
        RestorationNetwork network = Random(Small[..^1] + ",\"trust\":0}");
        foreach ((string key, Tensor weight) in network.Module.NamedParameters())
        {
            if (key.StartsWith("encoder", StringComparison.Ordinal) || weight.Rank != 4 || weight.Shape[3] != 3)
                continue;
            float[] values = weight.ToArray();
            for (int i = 0; i < values.Length; i++)
                values[i] = i % 9 == 4 ? values[i] : 0;
            weight.Storage.Write(values);
        }

        var picture = new ImageBuffer(3, 64, 160);
        Philox4x32.FillUniform(picture.Samples, 5);
        for (int x = 0; x < 80; x++)
            picture[0, 7, x] = picture[1, 9, x] = 0;
        float[] whole = Restore(0);
        float[] tiled = Restore(64);
        Assert.That(tiled.Zip(whole, (a, b) => Math.Abs(a - b)).Max(), Is.LessThan(1e-5));

        float[] Restore(int tile) => new NetworkRestorer(network, new NetworkRestorerOptions { TileSize = tile, TileOverlap = 16 }).Restore(picture).Samples.ToArray();
    }

    [Test]
    public void Thumbnails_of_images_and_of_tensors_are_the_same([Values(8, 5)] int size, [Values(8, 21, 100)] int height, [Values(3, 32)] int width)
    {
        var image = new ImageBuffer(3, height, width);
        Philox4x32.FillUniform(image.Samples, 5);
        var written = new float[6 * size * size];
        PictureThumbnail.Write(image, size, written);
        Tensor made = PictureThumbnail.Of(Tensor.From(image.Samples, [1, 3, height, width]), size);
        Assert.That(made.Shape, Is.EqualTo(TensorShape.Create(1, 6, size, size)));
        int means = 3 * size * size;
        Assert.That(made.ToArray()[..means], Is.EqualTo(written[..means]).Within(1e-6));
        // The difference of two squares in float32, below a root.
        Assert.That(made.ToArray()[means..], Is.EqualTo(written[means..]).Within(3e-5));
        Assert.That(written.Take(size * size).Average(), Is.EqualTo(image.Plane(0).ToArray().Average()).Within(height % size == 0 && width % size == 0 ? 1e-6 : 0.1));
    }

    [Test]
    public void Thumbnails_hold_means_and_standard_deviations()
    {
        var image = new ImageBuffer(1, 2, 4);
        new[] { 0.2f, 0.4f, 0.5f, 0.5f, 0.4f, 0.6f, 0.5f, 0.5f }.CopyTo(image.Samples);
        var thumbnail = new float[2 * 1 * 1];
        PictureThumbnail.Write(image.Crop(0, 0, 2, 2), 1, thumbnail);
        Assert.That(thumbnail, Is.EqualTo(new[] { 0.4f, (float)Math.Sqrt(0.02 + 1e-6) }).Within(1e-6));
        PictureThumbnail.Write(image.Crop(0, 2, 2, 2), 1, thumbnail);
        Assert.That(thumbnail, Is.EqualTo(new[] { 0.5f, 0.001f }).Within(1e-6));
    }

    private const double Step = 2e-4;

    // What starts as zero would hide everything else.
    private static RestorationNetwork Random(string hyper)
    {
        RestorationNetwork network = ModelZoo.CreateNetwork("GirNet", HyperParameters.Parse(hyper));
        ulong seed = 0;
        foreach (Tensor parameter in network.Module.Parameters())
        {
            double bound = Math.Sqrt(3.0 / (parameter.Rank < 2 ? 12 : parameter.Length / parameter.Shape[0]));
            var random = new PhiloxRandom(++seed);
            parameter.Storage.Write([.. Enumerable.Range(0, parameter.Length).Select(_ => (float)random.NextUniform(-bound, bound))]);
        }

        return network;
    }

    private static Tensor Noise(TensorShape shape, ulong seed)
    {
        var values = new float[shape.Length];
        Philox4x32.FillUniform(values, seed);
        return Tensor.From(values, shape);
    }
}
