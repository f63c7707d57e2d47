using System.Diagnostics;
using Gir.Imaging;
using Gir.Imaging.Random;
using Gir.Models.Features;
using Gir.Models.Generative;
using Gir.Models.Generative.UgpNet;
using Gir.Models.Nn;
using Gir.Models.Restoration;
using Gir.Models.Serialization;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Backends.Cpu;
using Gir.Models.Tests.Features;
using Gir.Models.Tests.Training;
using Gir.Models.Training;
using Gir.Models.Zoo;

namespace Gir.Models.Tests.Generative;

/// <summary>All stages of a tiny UGPNet: killed, canceled, on more threads, always the same bits.</summary>
[Parallelizable(ParallelScope.None)]
[OnePass]
public sealed class UgpNetTrainingTests
{
    private static readonly string[] s_stages = ["regression", "prior", "synthesis", "fusion"];

    [Test]
    public void Killed_and_canceled_trainings_go_on_as_if_nothing_had_happened()
    {
        using var folder = new TemporaryFolder();
        Assert.That(Tiny(folder["straight"]).Run(), Is.True);
        byte[][] expected = Files(folder["straight"]);

        using (Process training = TrainingProcess.StartUgpNet(folder["killed"]))
        {
            // In the middle of the prior, after a checkpoint.
            while (training.StandardOutput.ReadLine() is { } line && line != "prior 4")
            {
            }

            training.Kill();
            training.WaitForExit();
        }

        Assert.That(File.Exists(Path.Combine(folder["killed"], "fusion", "weights.safetensors")), Is.False);
        Assert.That(Tiny(folder["killed"]).Run(), Is.True);
        Assert.That(Files(folder["killed"]), Is.EqualTo(expected));

        // Canceled after every third row, on two threads.
        using TensorBackend.EngineScope engine = TensorBackend.Use(new CpuBackend(new CpuBackendOptions { MaxDegreeOfParallelism = 2 }));
        for (bool isDone = false; !isDone;)
        {
            using var stop = new CancellationTokenSource();
            int rows = 0;
            isDone = Tiny(folder["canceled"]).Run(new Told<GenerativeTrainingProgress>(_ => Stop()), stop.Token);
            void Stop()
            {
                if (++rows == 3)
                    stop.Cancel();
            }
        }

        Assert.That(Files(folder["canceled"]), Is.EqualTo(expected));
        var restorer = UgpNetRestorer.Load(Tiny(folder["straight"]).NetworkPath);
        float[] restored = restorer.Restore(Images()[0]).Samples.ToArray();
        Assert.That(restored, Has.All.Matches<float>(float.IsFinite));
        Assert.That(Restorers.Create(folder["straight"]).Identity, Is.EqualTo(restorer.Identity));
        Assert.That(Restorers.Create($"ugpnet(folder={folder["straight"]})").Restore(Images()[0]).Samples.ToArray(), Is.EqualTo(restored));
    }

    [Test]
    public void Another_training_in_the_folder_is_refused_by_what_differs()
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        Tiny(folder.Root).Run(new Told<GenerativeTrainingProgress>(_ => stop.Cancel()), stop.Token);
        Assert.That(
            () => new UgpNetTraining(TinyOptions with { Seed = 8 }, Images(), Degrade, folder.Root).Run(),
            Throws.TypeOf<TrainingConfigurationException>().With.Message.Contains("seed 8"));
        Assert.That(() => new UgpNetTraining(TinyOptions, [new ImageBuffer(3, 64, 63)], Degrade, folder.Root), Throws.ArgumentException.With.Message.Contains("3 x 64 x 64"));
        Assert.That(() => new UgpNetTraining(TinyOptions with { Batch = 12 }, Images(), Degrade, folder.Root), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void A_prior_is_shared_and_a_killed_training_with_it_comes_to_the_same_bits()
    {
        using var folder = new TemporaryFolder();
        Assert.That(Tiny(folder["first"]).Run(), Is.True);
        string weights = Path.Combine(folder["first"], "prior", "weights.safetensors");
        UgpNetTraining Sharing(string name, string prior, UgpNetTrainingOptions? options = null) => new((options ?? TinyOptions) with { Prior = prior, PriorSteps = 1 }, Images(), Degrade, folder[name]);
        var told = new List<string>();
        Assert.That(Sharing("file", weights).Run(new Told<GenerativeTrainingProgress>(p => told.Add(p.Stage))), Is.True);
        Assert.That(told.Distinct(), Is.EqualTo(s_stages.Where(s => s != "prior")));
        byte[] Network(string name) => File.ReadAllBytes(Path.Combine(folder[name], "fusion", "weights.safetensors"));
        Assert.That(Network("file"), Is.EqualTo(Network("first")), "the same task with the same prior is the same training");

        // The prior may go once it was taken.
        string stage = folder["stage"];
        Directory.CreateDirectory(stage);
        File.Copy(weights, Path.Combine(stage, "weights.safetensors"));
        for (bool isDone = false; !isDone;)
        {
            using var stop = new CancellationTokenSource();
            int rows = 0;
            isDone = Sharing("canceled", stage).Run(new Told<GenerativeTrainingProgress>(_ => Stop()), stop.Token);
            if (Directory.Exists(stage))
                Directory.Delete(stage, recursive: true);
            void Stop()
            {
                if (++rows == 3)
                    stop.Cancel();
            }
        }

        Assert.That(Network("canceled"), Is.EqualTo(Network("first")));
    }

    [Test]
    public void A_prior_that_does_not_fit_is_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        Assert.That(Tiny(folder["first"]).Run(), Is.True);
        string weights = Path.Combine(folder["first"], "prior", "weights.safetensors");
        Dictionary<string, Tensor> state = Checkpoint.Load(weights).Tensors.ToDictionary(t => t.Key, t => t.Value.ToTensor(), StringComparer.Ordinal);
        string Written(string name, IEnumerable<KeyValuePair<string, Tensor>> tensors)
        {
            SafeTensorsFile.Write(folder[name], tensors);
            return folder[name];
        }

        void Refused<TException>(string prior, string message, UgpNetTrainingOptions? options = null)
            where TException : Exception => Assert.That(
                () => new UgpNetTraining((options ?? TinyOptions) with { Prior = prior }, Images(), Degrade, folder["new"]).Run(),
                Throws.TypeOf<TException>().With.Message.Contains(message).And.Message.Contains(Path.GetFileName(prior)));

        Refused<CheckpointFormatException>(Written("alone.safetensors", state.Where(t => t.Key.StartsWith("generator.", StringComparison.Ordinal))), "no tensor begins with 'discriminator.'");
        Refused<CheckpointFormatException>(Written("more.safetensors", state.Append(KeyValuePair.Create("encoder.weight", Tensor.Ones([1])))), "'encoder.weight'");
        Refused<CheckpointFormatException>(Path.Combine(folder["first"], "fusion", "weights.safetensors"), "no tensor begins with 'generator.'");
        Refused<CheckpointFormatException>(weights, "of another shape", TinyOptions with { StyleFeatures = 6 });
        Refused<CheckpointFormatException>(weights, "missing", TinyOptions with { MappingLayers = 2 });
        Refused<FileNotFoundException>(folder["none"], "finished prior stage");
        Assert.That(Directory.Exists(Path.Combine(folder["new"], "prior")), Is.False);
        Assert.That(() => new UgpNetTraining(TinyOptions with { Prior = " " }, Images(), Degrade, folder["new"]), Throws.ArgumentException.With.Message.Contains("empty name"));
        state["discriminator." + state.Keys.First(k => k.StartsWith("discriminator.", StringComparison.Ordinal))["discriminator.".Length..]] *= 2;
        Assert.That(
            () => new UgpNetTraining(TinyOptions with { Prior = Written("other.safetensors", state) }, Images(), Degrade, folder["first"]).Run(),
            Throws.TypeOf<TrainingConfigurationException>().With.Message.Contains("other.safetensors"));
    }

    [Test]
    public void LPIPS_takes_the_place_of_the_discriminators_features_where_its_weights_are_given()
    {
        using var folder = new TemporaryFolder();
        Dictionary<string, Tensor> weights = PerceptualNetworkTests.Weights(PerceptualLayout.Vgg16);
        SafeTensorsFile.Write(folder["vgg.safetensors"], weights);
        SafeTensorsFile.Write(folder["lin.safetensors"], Enumerable.Range(0, 5).Select(i => KeyValuePair.Create($"lin{i}.model.1.weight", Tensor.Full([1, 2 + i, 1, 1], 0.2f))));
        var perceptual = new UgpNetPerceptualOptions { Weights = [folder["vgg.safetensors"], folder["lin.safetensors"]], Side = 32, Weight = 2 };
        UgpNetTraining Training(string name, UgpNetPerceptualOptions? options) => new(TinyOptions with { Perceptual = options }, Images(), Degrade, folder[name]);
        List<double> Distances(string name, UgpNetPerceptualOptions? options)
        {
            var told = new List<double>();
            Assert.That(Training(name, options).Run(new Told<GenerativeTrainingProgress>(p => told.AddRange(p.Numbers.Where(n => n.Key == "features").Select(n => n.Value)))), Is.True);
            return told;
        }

        List<double> lpips = Distances("lpips", perceptual);
        Assert.That(lpips, Has.Count.EqualTo(8).And.All.Positive);
        Assert.That(lpips[0], Is.Not.EqualTo(Distances("plain", null)[0]));
        // A file with other weights under the same name does not go on with a stage.
        File.Delete(Path.Combine(folder["lpips"], "fusion", "weights.safetensors"));
        weights["features.0.bias"] = Tensor.Ones([2]);
        SafeTensorsFile.Write(folder["vgg.safetensors"], weights);
        Assert.That(() => Training("lpips", perceptual).Run(), Throws.TypeOf<TrainingConfigurationException>().With.Message.Contains("LPIPS by vgg16 at 32"));
        Assert.That(() => Training("new", perceptual with { Weights = [folder["vgg.safetensors"]] }).Run(), Throws.ArgumentException.With.Message.Contains("'lin0'"));
        Assert.That(() => Training("new", perceptual with { Weights = [folder["lin.safetensors"]] }).Run(), Throws.TypeOf<CheckpointFormatException>());
        Assert.That(() => Training("new", perceptual with { Weights = [] }), Throws.ArgumentException.With.Message.Contains("no files"));
    }

    [Test]
    public void VGG_19_takes_the_place_of_the_discriminator_in_the_contextual_loss_where_its_weights_are_given()
    {
        using var folder = new TemporaryFolder();
        Dictionary<string, Tensor> weights = PerceptualNetworkTests.Weights(PerceptualLayout.Vgg19);
        // As torchvision's file: what lies behind relu3_4 is there, and has no part in it.
        weights["features.19.weight"] = Tensor.Ones([5, 5, 3, 3]);
        SafeTensorsFile.Write(folder["vgg.safetensors"], weights);
        UgpNetTrainingOptions seen = TinyOptions with { ContextualWeights = [folder["vgg.safetensors"]] };
        List<double> Losses(UgpNetTrainingOptions options)
        {
            // The stages before the fusion are the same for all.
            if (Directory.Exists(folder["training/fusion"]))
                Directory.Delete(folder["training/fusion"], recursive: true);
            var told = new List<double>();
            Assert.That(new UgpNetTraining(options, Images(), Degrade, folder["training"]).Run(new Told<GenerativeTrainingProgress>(p => told.AddRange(p.Numbers.Where(n => n.Key == "contextual").Select(n => n.Value)))), Is.True);
            return told;
        }

        List<double> vgg19 = Losses(seen);
        Assert.That(vgg19, Is.Not.Empty.And.All.Positive);
        Assert.That(vgg19[0], Is.Not.EqualTo(Losses(TinyOptions)[0]));
        Assert.That(Losses(seen), Is.EqualTo(vgg19));
        File.Delete(Path.Combine(folder["training"], "fusion", "weights.safetensors"));
        weights["features.0.bias"] = Tensor.Ones([2]);
        SafeTensorsFile.Write(folder["vgg.safetensors"], weights);
        Assert.That(() => new UgpNetTraining(seen, Images(), Degrade, folder["training"]).Run(), Throws.TypeOf<TrainingConfigurationException>().With.Message.Contains("contextual by vgg19"));
        SafeTensorsFile.Write(folder["vgg.safetensors"], PerceptualNetworkTests.Weights(PerceptualLayout.Vgg16));
        Assert.That(() => new UgpNetTraining(seen, Images(), Degrade, folder["training"]).Run(), Throws.ArgumentException.With.Message.Contains("vgg16; expected vgg19"));
    }

    [Test]
    public void The_reduced_network_has_the_parameters_that_its_specification_says()
    {
        var options = new UgpNetTrainingOptions();
        RestorationNetwork regression = ModelZoo.CreateNetwork(options.Architecture, options.HyperParameters);
        var network = new UgpNetwork(regression, options.Network);
        Assert.That(network.Regression.ParameterCount(), Is.EqualTo(473_646));
        Assert.That(network.Synthesis.Generator.ParameterCount(), Is.EqualTo(116_328));
        Assert.That(network.Synthesis.ParameterCount(), Is.EqualTo(116_328 + 57_504 + 181_952));
        Assert.That(network.Fusion.ParameterCount(), Is.EqualTo(45_795));
        Assert.That(new Gir.Models.Backbones.StyleGan2.StyleGan2Discriminator(options.StyleGan2).ParameterCount(), Is.EqualTo(92_081));
    }

    internal static UgpNetTraining Tiny(string folder) => new(TinyOptions, Images(), Degrade, folder);

    private static UgpNetTrainingOptions TinyOptions => new()
    {
        Architecture = "UNet", HyperParameters = HyperParameters.Parse("""{ "dim": 2 }"""), Narrow = 1 / 128.0, StyleFeatures = 4, MappingLayers = 1, EncoderWidth = 2, FeatureChannels = 4,
        FusionBlocks = 1, Batch = 2, RegressionSteps = 3, PriorSteps = 6, SynthesisSteps = 5, FusionSteps = 3, SaveEvery = 2, LogEvery = 1, Seed = 7,
    };

    private static ImageBuffer[] Images() => [.. Enumerable.Range(0, 3).Select(i =>
    {
        var image = new ImageBuffer(3, 64, 64);
        for (int p = 0; p < image.Samples.Length; p++)
            image.Samples[p] = 0.5f + (0.4f * MathF.Sin((p % 64 * 0.2f * (i + 1)) + (p / 64 * 0.1f)));
        return image;
    })];

    private static ImageBuffer Degrade(ImageBuffer image, PhiloxRandom random)
    {
        foreach (ref float sample in image.Samples)
            sample += (float)random.NextGaussian() * 0.1f;
        return image;
    }

    private static byte[][] Files(string folder) =>
        [.. s_stages.SelectMany(s => new[] { "last.safetensors", "weights.safetensors", "log.csv" }.Select(f => File.ReadAllBytes(Path.Combine(folder, s, f))))];
}
