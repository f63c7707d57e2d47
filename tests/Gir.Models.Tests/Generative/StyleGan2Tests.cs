using Gir.Models.Backbones.StyleGan2;
using Gir.Models.Nn;
using Gir.Models.Serialization;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;
using Gir.Models.Tests.Backbones;

namespace Gir.Models.Tests.Generative;

/// <summary>StyleGAN2 against the authors' code: images, gradients, penalties with their second derivatives, both dialects of keys.</summary>
public sealed class StyleGan2Tests
{
    [TestCase("generator_32")]
    [TestCase("generator_64_cm1")]
    public void The_generator_with_truncation_and_given_noise(string name)
    {
        ModelGolden golden = ModelGolden.Load(name, "ugpnet");
        StyleGan2Generator generator = Generator(golden);
        Tensor z = golden.Read("in.z1");
        z.RequiresGradient = true;
        Tensor style = StyleGan2Generator.Truncate(generator.Map(z), golden.Read("in.truncation_latent"), 0.7f);
        Tensor latents = generator.Repeat(style);
        Tensor image = generator.Synthesize(latents, [.. generator.NoiseShapes.Select((_, i) => golden.Read($"in.noise{i}"))]);
        golden.AssertOutput(latents, "truncated.latents");
        golden.AssertOutput(image, "truncated");
        (image * golden.Read("w")).Sum().Backward();
        UgpNetGoldens.AssertGradients(golden, generator, ("in.z1", z));
    }

    [Test]
    public void Mixed_styles_and_given_latents()
    {
        ModelGolden golden = ModelGolden.Load("generator_32", "ugpnet");
        StyleGan2Generator generator = Generator(golden);
        using Tape.NoGradientScope quiet = Tape.NoGradient();
        Tensor mixed = generator.Mix(generator.Map(golden.Read("in.z1")), generator.Map(golden.Read("in.z2")), 3);
        golden.AssertOutput(generator.Synthesize(mixed), "mixed");
        golden.AssertOutput(generator.Synthesize(golden.Read("in.latents")), "wplus");
    }

    [Test]
    public void The_discriminator_on_batches_of_4_8_and_3()
    {
        ModelGolden golden = ModelGolden.Load("discriminator_32", "ugpnet");
        StyleGan2Discriminator discriminator = Discriminator(golden);
        Tensor input = golden.Read("input");
        input.RequiresGradient = true;
        Tensor output = discriminator.Call(input);
        golden.AssertOutput(output, "output");
        golden.AssertOutput(discriminator.Call(golden.Read("input2")), "output2");
        golden.AssertOutput(discriminator.Call(golden.Read("input3")), "output3");
        (output * golden.Read("w")).Sum().Backward();
        UgpNetGoldens.AssertGradients(golden, discriminator, ("input", input));
    }

    [Test]
    public void The_dialect_of_rosinality()
    {
        ModelGolden golden = ModelGolden.Load("dialect_rosinality", "ugpnet");
        var checkpoint = Checkpoint.Load(TestData.Golden("ugpnet", "files", "stylegan2_rosinality.pt"));
        IReadOnlyDictionary<string, CheckpointTensor> generatorState = StyleGan2Keys.Translate(checkpoint.Unwrap("g_ema"));
        var generator = new StyleGan2Generator(StyleGan2Options.OfGenerator(Shapes(generatorState)));
        generator.LoadState(Shapes(generatorState), (key, values) => generatorState[key].CopyTo(values));
        IReadOnlyDictionary<string, CheckpointTensor> discriminatorState = StyleGan2Keys.Translate(checkpoint.Unwrap("d"));
        var discriminator = new StyleGan2Discriminator(StyleGan2Options.OfDiscriminator(Shapes(discriminatorState)));
        discriminator.LoadState(Shapes(discriminatorState), (key, values) => discriminatorState[key].CopyTo(values));
        using Tape.NoGradientScope quiet = Tape.NoGradient();
        Tensor center = checkpoint.NamedTensors.Single(t => t.Path[0] == "latent_avg").Tensor.ToTensor();
        Tensor style = StyleGan2Generator.Truncate(generator.Map(golden.Read("z")), center.Reshape(1, center.Length), 0.6f);
        golden.AssertOutput(generator.Synthesize(generator.Repeat(style)), "image");
        golden.AssertOutput(discriminator.Call(golden.Read("images")), "scores");

        static Dictionary<string, TensorShape> Shapes(IReadOnlyDictionary<string, CheckpointTensor> state) => state.ToDictionary(t => t.Key, t => t.Value.Shape);
    }

    [Test]
    public void Other_taps_than_1_3_3_1_are_refused_by_name()
    {
        var checkpoint = Checkpoint.Load(TestData.Golden("ugpnet", "files", "stylegan2_rosinality.pt"));
        Dictionary<string, CheckpointTensor> state = checkpoint.Unwrap("g_ema").ToDictionary();
        state["convs.0.conv.blur.kernel"] = state["convs.0.conv.modulation.weight"];
        Assert.That(() => StyleGan2Keys.Translate(state), Throws.ArgumentException.With.Message.Contains("'convs.0.conv.blur.kernel'"));
    }

    [Test]
    public void The_published_discriminators_have_the_published_numbers_of_parameters()
    {
        using IDisposable loading = Initializer.ForLoading(long.MaxValue);
        Assert.That(new StyleGan2Discriminator(new() { Channels = StyleGan2Options.Widths(512, 1) }).ParameterCount(), Is.EqualTo(24_030_753));
        Assert.That(new StyleGan2Discriminator(new() { Channels = StyleGan2Options.Widths(256, 2) }).ParameterCount(), Is.EqualTo(28_864_129));
    }

    internal static StyleGan2Generator Generator(ModelGolden golden)
    {
        Dictionary<string, Tensor> state = golden.State();
        var generator = new StyleGan2Generator(StyleGan2Options.OfGenerator(state.ToDictionary(s => s.Key, s => s.Value.Shape)));
        generator.LoadState(state);
        return generator;
    }

    internal static StyleGan2Discriminator Discriminator(ModelGolden golden)
    {
        Dictionary<string, Tensor> state = golden.State();
        var discriminator = new StyleGan2Discriminator(StyleGan2Options.OfDiscriminator(state.ToDictionary(s => s.Key, s => s.Value.Shape)));
        discriminator.LoadState(state);
        return discriminator;
    }
}
