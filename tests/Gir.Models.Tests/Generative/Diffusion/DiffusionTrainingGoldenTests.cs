using System.Text.Json;
using Gir.Models.Backbones.AutoencoderKl;
using Gir.Models.Backbones.DiffusionUNet;
using Gir.Models.Generative.Diffusion;
using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Tests.Generative.Diffusion;

/// <summary>Losses of the trainings with their gradients, and five steps of the optimizers, against PyTorch.</summary>
public sealed class DiffusionTrainingGoldenTests
{
    private static readonly CldmGolden s_losses = CldmGolden.Load("losses");
    private static readonly CldmGolden s_training = CldmGolden.Load("training");

    [TestCase("diffusion.eps")]
    [TestCase("diffusion.v_zero_snr")]
    [TestCase("diffusion.x0")]
    public void The_loss_of_diffusion(string name)
    {
        JsonElement entry = s_losses.Entries.GetProperty(name);
        JsonElement attributes = entry.GetProperty("attrs");
        (ControlStage stage, ControlBranch control) = Stage(new LatentDiffusionSettings
        {
            Prediction = CldmGolden.Prediction(attributes.GetProperty("parametrisation").GetString()!), ZeroTerminalSignal = attributes.GetProperty("betas").GetString() == "zero_snr",
        });
        Tensor In(string input) => s_losses.Read("diffusion.in." + input);
        Tensor condition = In("c_img");
        condition.RequiresGradient = true;
        DiffusionStage.Loss loss = stage.LossOf(In("z0"), condition, In("context"), s_losses.Timesteps("diffusion.in.t"), In("noise"));
        foreach ((string output, Tensor found) in new[] { ("noisy", loss.Noisy), ("output", loss.Output), ("target", loss.Target), ("loss", loss.Total.Reshape(1)) })
            s_losses.AssertClose(found, $"{name}.out.{output}", entry.GetProperty("tolerance").GetProperty(output).GetDouble());
        loss.Total.Backward();
        s_losses.AssertGradients([.. CldmGolden.Named("controlnet.", control), KeyValuePair.Create("c_img", condition)], name + ".grad.", entry.GetProperty("gradient_tolerance").GetDouble());
    }

    [Test]
    public void The_loss_of_the_autoencoder_against_its_discriminator()
    {
        JsonElement entry = s_losses.Entries.GetProperty("vae");
        JsonElement tolerances = entry.GetProperty("tolerance");
        AutoencoderKl autoencoder = CldmGolden.TinyAutoencoder();
        var discriminator = new PatchDiscriminator(4, 2);
        Dictionary<string, Tensor> state = discriminator.StateDictionary().ToDictionary(e => e.Key, e => e.Value);
        const string Prefix = "vae.discriminator.state.";
        foreach (string key in s_losses.Data.Names.Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)))
            state[key[Prefix.Length..]] = s_losses.Read(key);
        discriminator.LoadState(state);
        discriminator.UseBatchStatistics(true);
        var stage = new AutoencoderStage(autoencoder, discriminator, new AutoencoderStageOptions { Adversarial = 0.5, Divergence = 1e-6 }, null);
        (Tensor image, Tensor noise) = (s_losses.Read("vae.in.image"), s_losses.Read("vae.in.noise"));
        Freeze(true);
        AutoencoderStage.Loss loss = stage.LossOf(image, noise, isAdversarial: true);
        void Check(string output, Tensor found) => s_losses.AssertClose(found, "vae.out." + output, tolerances.GetProperty(output).GetDouble());
        Check("reconstruction", loss.Image);
        Check("nll", loss.Absolute.Reshape(1));
        Check("kl", loss.Divergence.Reshape(1));
        Check("g", loss.Adversarial!.Reshape(1));
        Check("d_weight", Tensor.From([(float)loss.Weight], [1]));
        Check("loss", loss.Total.Reshape(1));
        loss.Total.Backward();
        s_losses.AssertGradients(autoencoder.NamedParameters(), "vae.grad.", entry.GetProperty("gradient_tolerance").GetDouble());
        Freeze(false);
        (Tensor real, Tensor fake) = (discriminator.Call(image), discriminator.Call(loss.Image.Detach()));
        Check("logits_real", real);
        Check("logits_fake", fake);
        Tensor hinge = DiffusionLosses.Hinge(real, fake);
        Check("d_loss", hinge.Reshape(1));
        hinge.Backward();
        s_losses.AssertGradients(discriminator.NamedParameters(), "vae.discriminator.grad.", entry.GetProperty("gradient_tolerance").GetDouble());

        void Freeze(bool frozen)
        {
            foreach (Tensor parameter in discriminator.Parameters())
                parameter.RequiresGradient = !frozen;
        }
    }

    [Test]
    public void Five_steps_of_the_control_branch_and_its_average()
    {
        (ControlStage stage, ControlBranch control) = Stage(new LatentDiffusionSettings());
        for (int step = 0; step < 5; step++)
        {
            Tensor At(string input) => Row(s_training.Read("control.in." + input), step);
            int[] timesteps = s_training.Timesteps("control.in.t")[(2 * step)..((2 * step) + 2)];
            AssertLoss("control", step, stage.Learn(stage.LossOf(At("z0"), At("c_img"), At("context"), timesteps, At("noise")).Total));
        }

        AssertWeights("control", "state", control.StateDictionary());
        AssertWeights("control", "ema", stage.Parts[0].Average!.State);
    }

    [Test]
    public void Five_steps_of_the_autoencoder()
    {
        AutoencoderKl autoencoder = CldmGolden.TinyAutoencoder();
        var options = new AutoencoderStageOptions { Rate = 1e-4, LastRate = 1e-4, WarmUp = 0, Divergence = 1e-6 };
        var stage = new AutoencoderStage(autoencoder, null, options, null);
        for (int step = 0; step < 5; step++)
        {
            Tensor image = Row(s_training.Read("vae.in.image"), step);
            double[] numbers = stage.Step(step, image, Row(s_training.Read("vae.in.noise"), step));
            AssertLoss("vae", step, (numbers[0] * image.Length / image.Shape[0]) + (1e-6 * numbers[1]));
        }

        AssertWeights("vae", "state", autoencoder.StateDictionary());
    }

    private static (ControlStage Stage, ControlBranch Control) Stage(LatentDiffusionSettings settings)
    {
        (DiffusionUNet network, ControlBranch control) = CldmGolden.TinyNetworks();
        var options = new DiffusionStageOptions { Rate = 1e-3 };
        return (new ControlStage(network, control, null, CldmGolden.TinyAutoencoder(), settings, options, null), control);
    }

    private static Tensor Row(Tensor all, int index) => all.Narrow(0, index, 1).Reshape(TensorShape.Create(all.Shape.Sizes[1..]));

    private static JsonElement Run(string name) => s_training.Manifest.GetProperty("runs").GetProperty(name);

    private static void AssertLoss(string run, int step, double found)
    {
        double expected = s_training.Data.Doubles(run + ".losses")[step];
        Assert.That(found, Is.EqualTo(expected).Within(Run(run).GetProperty("loss_tolerance_relative").GetDouble() * Math.Abs(expected)), $"step {step}");
    }

    private static void AssertWeights(string run, string what, IEnumerable<KeyValuePair<string, Tensor>> state)
    {
        Dictionary<string, Tensor> found = state.ToDictionary(e => e.Key, e => e.Value);
        string prefix = $"{run}.{what}.";
        string[] names = [.. s_training.Data.Names.Where(n => n.StartsWith(prefix, StringComparison.Ordinal))];
        Assert.That(names, Is.Not.Empty);
        foreach (string name in names)
        {
            double worst = Images.MaxDifference(found[name[prefix.Length..]].ToArray(), s_training.Data.Numbers(name));
            Assert.That(worst, Is.LessThanOrEqualTo(Run(run).GetProperty("weight_tolerance_absolute").GetDouble()), name);
        }
    }
}
