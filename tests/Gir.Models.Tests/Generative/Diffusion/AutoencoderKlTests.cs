using Gir.Models.Backbones.AutoencoderKl;
using Gir.Models.Nn;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;

namespace Gir.Models.Tests.Generative.Diffusion;

/// <summary>The autoencoder against PyTorch: moments, samples, images, divergence, all gradients.</summary>
public sealed class AutoencoderKlTests
{
    private const float Scale = 0.18215f;

    [TestCase("vae_tiny", true)]
    [TestCase("vae_sd_narrow", false)]
    public void Moments_samples_images_and_all_gradients(string name, bool withDivergence)
    {
        if (!withDivergence)
            Machine.RequireVectors();
        CldmGolden golden = CldmGolden.Load(name);
        var autoencoder = new AutoencoderKl(CldmGolden.Autoencoder(golden.Hyper));
        Assert.That(autoencoder.ParameterCount(), Is.EqualTo(long.Parse(golden.Data.Metadata["parameters"])));
        autoencoder.LoadState(golden.State());
        (Tensor image, Tensor noise) = (golden.Leaf("in.image"), golden.Leaf("in.noise"));
        Tensor moments = autoencoder.Moments(image);
        var posterior = DiagonalGaussian.Of(moments);
        Tensor sample = posterior.Sample(noise);
        Tensor decoded = autoencoder.Decode(sample);
        Tensor divergence = posterior.Divergence();
        golden.AssertOutput(moments, "moments");
        golden.AssertOutput(posterior.Mean, "mean");
        golden.AssertOutput(posterior.LogVariance, "logvar");
        golden.AssertOutput(sample, "sample");
        golden.AssertOutput(sample * Scale, "latent");
        golden.AssertOutput(decoded, "decoded");
        golden.AssertOutput(divergence, "kl");
        Tensor loss = (decoded * golden.Read("w.decoded")).Sum();
        if (withDivergence)
            loss += (divergence * golden.Read("w.kl")).Sum();
        loss.Backward();
        golden.AssertGradients(autoencoder.NamedParameters().Append(KeyValuePair.Create("in.image", image)).Append(KeyValuePair.Create("in.noise", noise)));
    }

    [Test]
    public void Odd_sizes_lose_a_row_or_column()
    {
        CldmGolden golden = CldmGolden.Load("vae_tiny");
        AutoencoderKl autoencoder = CldmGolden.TinyAutoencoder();
        using Tape.NoGradientScope quiet = Tape.NoGradient();
        Tensor mean = autoencoder.Encode(golden.Read("in.image_odd")).Mean;
        golden.AssertOutput(mean, "odd_mean");
        golden.AssertOutput(autoencoder.Decode(mean), "odd_decoded");
    }

    [Test]
    [OnePass]
    public void The_published_size_equals_PyTorch()
    {
        CldmGolden golden = CldmGolden.Load("full_vae_sd");
        AutoencoderKl autoencoder;
        using (Initializer.ForLoading(long.MaxValue))
            autoencoder = new AutoencoderKl(CldmGolden.Autoencoder(golden.Hyper));
        autoencoder.LoadState(golden.State());
        using Tape.NoGradientScope quiet = Tape.NoGradient();
        DiagonalGaussian posterior = autoencoder.Encode(golden.Read("in.image"));
        golden.AssertOutput(posterior.Mean, "mean");
        golden.AssertOutput(posterior.LogVariance, "logvar");
        golden.AssertOutput(autoencoder.Decode(posterior.Mean), "decoded");
    }

    [Test]
    public void Options_that_contradict_each_other_are_refused()
    {
        Assert.That(() => new AutoencoderKl(new AutoencoderKlOptions { Channels = 48 }), Throws.ArgumentException.With.Message.Contains("48 channels"));
        Assert.That(() => new AutoencoderKl(new AutoencoderKlOptions { AttentionLevels = [4] }), Throws.TypeOf<ArgumentOutOfRangeException>());
    }
}
