using Gir.Models.Backbones.StyleGan2;
using Gir.Models.Features;
using Gir.Models.Generative.Training;
using Gir.Models.Generative.UgpNet;
using Gir.Models.Nn;
using Gir.Models.Serialization;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;
using Gir.Models.Tests.Backbones;

namespace Gir.Models.Tests.Generative;

/// <summary>Losses, penalties and whole steps of the stages against PyTorch.</summary>
public sealed class GanTrainingGoldenTests
{
    private static readonly SafeTensors s_losses = SafeTensors.Load(TestData.Golden("ugpnet", "losses.safetensors"));

    [TestCase("d_logistic")]
    [TestCase("g_nonsaturating")]
    [TestCase("psnr_loss")]
    [TestCase("contextual.features")]
    [TestCase("contextual.near")]
    [TestCase("contextual.patches")]
    [TestCase("lpips_head")]
    [TestCase("lpips_narrow_vgg")]
    public void Losses_and_their_gradients(string name)
    {
        var leaves = new Dictionary<string, Tensor>();
        Tensor In(string input)
        {
            if (leaves.TryGetValue(input, out Tensor? known))
                return known;
            string key = $"{name}.in.{input}";
            Tensor leaf = Tensor.From(s_losses.Floats(key), TensorShape.Create(s_losses.Shape(key)));
            leaf.RequiresGradient = true;
            return leaves[input] = leaf;
        }

        Tensor loss = name switch
        {
            "d_logistic" => GanLosses.Discriminator(In("real"), In("fake")),
            "g_nonsaturating" => GanLosses.Generator(In("fake")),
            "psnr_loss" => In("input").PsnrLoss(In("target")),
            "contextual.patches" => GanLosses.Contextual(GanLosses.Patches(In("x"), 4), GanLosses.Patches(In("y"), 4)),
            "lpips_head" => Head(),
            "lpips_narrow_vgg" => Lpips(name, 32).Between(In("output"), In("target")),
            _ => GanLosses.Contextual(In("x"), In("y")),
        };
        System.Text.Json.JsonElement entry = System.Text.Json.JsonDocument.Parse(s_losses.Metadata["entries"]).RootElement.GetProperty(name);
        double[] values = s_losses.Numbers(name + ".out");
        // The head gives a value for each image: here they are summed with the golden's factors.
        double[] factors = s_losses.Numbers(name + ".w");
        double expected = name == "lpips_head" ? values.Zip(factors, (v, f) => v * f).Sum() : values[0];
        Assert.That(loss.Item(), Is.EqualTo(expected).Within(entry.GetProperty("tolerance").GetDouble() * values.Max(Math.Abs)));
        (name == "lpips_head" ? loss : loss * (float)factors[0]).Backward();
        foreach ((string key, Tensor leaf) in leaves)
        {
            double[] gradient = s_losses.Numbers($"{name}.grad.{key}");
            double error = Images.MaxDifference(leaf.Gradient!.ToArray(), gradient) / gradient.Max(Math.Abs);
            Assert.That(error, Is.LessThanOrEqualTo(entry.GetProperty("gradient_tolerance").GetDouble()), key);
        }

        Tensor Head()
        {
            Tensor sum = Tensor.Zeros([]);
            for (int image = 0; image < 2; image++)
            {
                Tensor[] Layers(string of) => [.. Enumerable.Range(0, 3).Select(i => In($"{of}{i}").Narrow(0, image, 1))];
                Tensor[] weights = [.. Enumerable.Range(0, 3).Select(i => In($"lin{i}")).Select(w => w.Reshape(1, w.Length, 1, 1))];
                sum += GanLosses.FeatureDistance(Layers("a"), Layers("b"), weights) * s_losses.Floats("lpips_head.w")[image];
            }

            return sum;
        }
    }

    [Test]
    public void Without_weights_all_channels_count_the_same()
    {
        Tensor[] Layers(string of) => [.. Enumerable.Range(0, 3).Select(i => Tensor.From(s_losses.Floats($"lpips_head.in.{of}{i}"), TensorShape.Create(s_losses.Shape($"lpips_head.in.{of}{i}"))))];
        Tensor[] ones = [.. Layers("a").Select(l => Tensor.Ones([1, l.Shape[1], 1, 1]))];
        float distance = GanLosses.FeatureDistance(Layers("a"), Layers("b")).Item();
        Assert.That(distance, Is.Positive.And.EqualTo(GanLosses.FeatureDistance(Layers("a"), Layers("b"), ones).Item()));
    }

    [Test]
    public void What_the_perceptual_loss_cannot_work_with_is_refused() => Assert.Multiple(() =>
    {
        Assert.That(() => Lpips("lpips_narrow_vgg", 15), Throws.ArgumentException.With.Message.Contains("15 x 15").And.Message.Contains("16 x 16"));
        Assert.That(() => Lpips("lpips_narrow_vgg", 32, without: "lin3"), Throws.ArgumentException.With.Message.Contains("'lin3'"));
        Assert.That(Lpips("lpips_narrow_vgg", 32).Description, Does.Contain("vgg16 at 32").And.Not.EqualTo(Lpips("lpips_narrow_vgg", 33).Description));
    });

    // The golden's network through a file, as a user's would come.
    private static ImageDistance Lpips(string name, int side, string without = "nothing")
    {
        using var folder = new TemporaryFolder();
        string prefix = name + ".in.";
        var tensors = new Dictionary<string, Tensor>();
        foreach (string key in s_losses.Names.Where(n => n.StartsWith(prefix, StringComparison.Ordinal)).Select(n => n[prefix.Length..]).Where(n => n != without))
        {
            var tensor = Tensor.From(s_losses.Floats(prefix + key), TensorShape.Create(s_losses.Shape(prefix + key)));
            if (key.StartsWith("net.", StringComparison.Ordinal))
                tensors["features." + key["net.".Length..]] = tensor;
            else if (key.StartsWith("lin", StringComparison.Ordinal))
                tensors[key + ".model.1.weight"] = tensor.Reshape(1, tensor.Length, 1, 1);
        }

        SafeTensorsFile.Write(folder["vgg.safetensors"], tensors);
        return ImageDistance.Lpips(PerceptualNetwork.Load([folder["vgg.safetensors"]]), side);
    }

    [Test]
    public void A_feature_of_zeros_has_a_gradient()
    {
        Tensor a = Tensor.Zeros([1, 2, 1, 1]);
        a.RequiresGradient = true;
        GanLosses.FeatureDistance([a], [Tensor.Ones([1, 2, 1, 1])]).Backward();
        Assert.That(a.Gradient!.ToArray(), Has.All.Matches<float>(float.IsFinite));
    }

    [Test]
    public void The_gradient_penalty_with_second_derivatives_of_all_parameters()
    {
        ModelGolden golden = ModelGolden.Load("r1", "ugpnet");
        StyleGan2Discriminator discriminator = StyleGan2Tests.Discriminator(ModelGolden.Load("discriminator_32", "ugpnet"));
        Tensor real = golden.Read("real");
        Tensor penalty = GanLosses.GradientPenalty(discriminator.Call, real);
        golden.AssertOutput(penalty, "penalty");
        penalty.Backward();
        UgpNetGoldens.AssertGradients(golden, discriminator);
        real.RequiresGradient = true;
        golden.AssertOutput(Tape.Gradients(discriminator.Call(real), real)[0], "grad_real");
    }

    [TestCase(true, "grad.")]
    [TestCase(false, "grad_detached.")]
    public void The_path_length_with_second_derivatives_of_all_parameters(bool throughMean, string prefix)
    {
        ModelGolden golden = ModelGolden.Load("path", "ugpnet");
        StyleGan2Generator generator = StyleGan2Tests.Generator(ModelGolden.Load("generator_32", "ugpnet"));
        Tensor latents = generator.Repeat(generator.Map(golden.Read("z")));
        (Tensor penalty, Tensor mean, Tensor lengths) = GanLosses.PathLength(generator.Synthesize(latents), latents, golden.Read("y"), 0.37, throughMean: throughMean);
        golden.AssertOutput(lengths, "path_lengths");
        golden.AssertOutput(mean, "path_mean");
        golden.AssertOutput(penalty, "penalty");
        penalty.Backward();
        UgpNetGoldens.AssertGradients(golden, generator, prefix);
    }

    [Test]
    public void Three_steps_of_the_prior()
    {
        ModelGolden golden = ModelGolden.Load("stage0_steps", "ugpnet");
        var options = new StyleGan2Options { Channels = StyleGan2Options.Widths(32, 2, 1 / 64.0), StyleFeatures = 16, MappingLayers = 2 };
        (StyleGan2Generator generator, StyleGan2Discriminator discriminator) = (new(options), new(options));
        generator.LoadState(golden.Tensors("state.gen."));
        discriminator.LoadState(golden.Tensors("state.dis."));
        var stage = new PriorStage(generator, discriminator, new PriorOptions { PenaltyEvery = 2, PathEvery = 2 }, null);
        for (int step = 0; step < 3; step++)
        {
            Tensor Latents(string z) => generator.Repeat(generator.Map(golden.Read($"{z}.{step}")));
            (double d, double r1) = stage.Discriminate(step, golden.Read("gt"), Latents("z_d"), null);
            bool isDue = step % 2 == 0;
            (double g, double path) = stage.Generate(Latents("z_g"), null, isDue ? Latents("z_path") : null, isDue ? golden.Read($"y.{step}") : null, null);
            AssertLosses(golden, step, [d, r1, g, path, stage.Numbers["path_mean"]]);
        }

        AssertMoves(golden, "gen", generator.NamedParameters(), "state.gen.");
        AssertMoves(golden, "dis", discriminator.NamedParameters(), "state.dis.");
        AssertMoves(golden, "ema", stage.Parts[0].Average!.State.Where(e => !e.Key.StartsWith("noises.", StringComparison.Ordinal)), "state.gen.");
    }

    [Test]
    public void Three_steps_of_the_synthesis()
    {
        ModelGolden golden = ModelGolden.Load("stage2_steps", "ugpnet");
        var module = new SynthesisModule(new UgpNetOptions
        {
            Generator = new StyleGan2Options { Channels = StyleGan2Options.Widths(64, 2, 1 / 64.0), StyleFeatures = 16, MappingLayers = 2 },
            EncoderChannels = [4, 6, 8],
        });
        ModelGolden start = ModelGolden.Load("synthesis", "ugpnet");
        module.LoadState(start.State());
        var discriminator = new StyleGan2Discriminator(new StyleGan2Options { Channels = StyleGan2Options.Widths(64, 2, 1 / 64.0) });
        discriminator.LoadState(golden.Tensors("state.dis."));
        foreach (BatchNorm2d normalization in module.Modules().OfType<BatchNorm2d>())
            normalization.IsTraining = true;
        float[][] before = [.. module.Generator.Parameters().Select(p => p.ToArray())];
        var stage = new SynthesisStage(module, discriminator, new SynthesisStageOptions { PenaltyEvery = 2 }, null, null, null);
        for (int step = 0; step < 3; step++)
        {
            double[] numbers = stage.Step(step, golden.Read("x_reg"), golden.Read("gt"));
            AssertLosses(golden, step, [numbers[0], numbers[1], numbers[2], numbers[4], numbers[5]]);
        }

        AssertMoves(golden, "syn", module.NamedParameters(), "state.", start);
        AssertMoves(golden, "dis", discriminator.NamedParameters(), "state.dis.");
        foreach (((string key, Tensor after), float[] values) in module.Generator.NamedParameters().Zip(before).Where(p => StyleGan2Generator.IsUnusedFrom(16, p.First.Key)))
            Assert.That(after.ToArray(), Is.EqualTo(values), $"{key} has no part in it");
    }

    private static void AssertLosses(ModelGolden golden, int step, double[] losses)
    {
        double[] expected = golden.Data.Numbers("losses")[(step * 5)..((step + 1) * 5)];
        double tolerance = golden.Entry.GetProperty("loss_tolerance_relative").GetDouble();
        for (int i = 0; i < 5; i++)
        {
            double found = double.IsNaN(losses[i]) ? -1 : losses[i];
            Assert.That(found, Is.EqualTo(expected[i]).Within(tolerance * Math.Abs(expected[i])), $"step {step}, loss {i}");
        }
    }

    // Over all parameters of a network that moved and are compared.
    private static void AssertMoves(ModelGolden golden, string network, IEnumerable<KeyValuePair<string, Tensor>> parameters, string before, ModelGolden? start = null)
    {
        HashSet<string> skipped = golden.Data.Metadata.TryGetValue("not_compared", out string? json)
            ? [.. System.Text.Json.JsonDocument.Parse(json).RootElement.EnumerateArray().Select(e => e.GetString()!)] : [];
        (double error, double move) = (0, 0);
        foreach ((string key, Tensor value) in parameters)
        {
            string after = $"after.{network}.{key}";
            if (skipped.Contains(after) || !golden.Data.Contains(after))
                continue;
            (float[] found, double[] expected, double[] from) = (value.ToArray(), golden.Data.Numbers(after), (start ?? golden).Data.Numbers(before + key));
            for (int i = 0; i < found.Length; i++)
            {
                error += Math.Pow(found[i] - expected[i], 2);
                move += Math.Pow(expected[i] - from[i], 2);
            }
        }

        Assert.That(move, Is.GreaterThan(0), network);
        Assert.That(Math.Sqrt(error / move), Is.LessThanOrEqualTo(golden.Entry.GetProperty("move_tolerance").GetProperty(network).GetDouble()), network);
    }
}
