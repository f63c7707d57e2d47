using Gir.Imaging;
using Gir.Imaging.Random;
using Gir.Models.Tensors;
using Gir.Models.Training;
using Gir.Models.Zoo;

namespace Gir.Models.Tests.Training;

/// <summary>Patches of pictures that are degraded whole.</summary>
public sealed class PictureSourceTests
{
    private const int Size = 4;

    // A sample's value is its place.
    private static readonly ImageBuffer s_places = new(1, 6, 8, [.. Enumerable.Range(0, 48).Select(i => (float)i)]);

    [Test]
    public void A_patch_and_its_thumbnail_are_of_one_degraded_picture()
    {
        PatchPairSource source = Source((picture, random) =>
        {
            ImageBuffer degraded = picture.Clean.Clone();
            float level = 100 * random.NextInteger(1, 9);
            foreach (ref float sample in degraded.Samples)
                sample += level;
            return degraded;
        });
        var mirrored = new HashSet<bool>();
        for (int step = 0; step < 40; step++)
        {
            PatchBatch batch = source.Get(step);
            float level = batch.Degraded[0] - batch.Clean[0];
            Assert.That(level % 100, Is.Zero);
            Assert.That(batch.Degraded.ToArray().Zip(batch.Clean.ToArray(), (d, c) => d - c), Is.All.EqualTo(level));
            Assert.That(batch.ThumbnailShape, Is.EqualTo(TensorShape.Create(1, 2, 2, 2)));
            // Mean of a quarter of the picture: rows 0 to 2, columns 0 to 3 or 4 to 7.
            bool mirror = batch.Clean[1] < batch.Clean[0];
            mirrored.Add(mirror);
            Assert.That(batch.Thumbnails[0], Is.EqualTo(level + (mirror ? 13.5f : 9.5f)));
            Assert.That(Math.Abs(batch.Clean[Size] - batch.Clean[0]), Is.EqualTo(8), "up is up");
        }

        Assert.That(mirrored, Has.Count.EqualTo(2));
    }

    [Test]
    public void A_clean_picture_may_be_given_back()
    {
        PatchBatch batch = Source((picture, _) => picture.Clean).Get(0);
        Assert.That(batch.Degraded.SequenceEqual(batch.Clean), Is.True);
        Assert.That(s_places.Samples[47], Is.EqualTo(47), "the picture's memory is not handed back");
    }

    [Test]
    public void A_picture_is_drawn_anew_before_it_is_degraded()
    {
        PatchPairSource source = Source((picture, _) => Shifted(picture.Clean, 1000), (picture, random) => Shifted(picture.Clean, 100 * random.NextInteger(1, 9)));
        var levels = new HashSet<float>();
        for (int step = 0; step < 40; step++)
        {
            PatchBatch batch = source.Get(step);
            Assert.That(batch.Degraded.ToArray().Zip(batch.Clean.ToArray(), (d, c) => d - c), Is.All.EqualTo(1000));
            Assert.That(batch.Thumbnails[0], Is.GreaterThan(1100));
            levels.Add(batch.Clean[0] - (batch.Clean[0] % 100));
            Assert.That(source.Get(step).Clean.SequenceEqual(batch.Clean), Is.True);
        }

        Assert.That(levels, Has.Count.EqualTo(9));
        Assert.That(s_places.Samples[47], Is.EqualTo(47), "the picture's memory is not handed back");

        static ImageBuffer Shifted(ImageBuffer image, float by)
        {
            ImageBuffer shifted = image.Clone();
            foreach (ref float sample in shifted.Samples)
                sample += by;
            return shifted;
        }
    }

    [Test]
    public void A_window_stands_for_the_whole_picture()
    {
        var sizes = new HashSet<(int, int)>();
        var depth = new ImageBuffer(1, s_places.Height, s_places.Width, [.. s_places.Samples.ToArray().Select(p => p + 0.5f)]);
        var source = new PatchPairSource(
            [new("t", [new("a", s_places, Depth: depth)], null) { PictureTransform = Degrade, PictureWindows = 1 }], new PatchPairOptions { PatchSize = Size, BatchSize = 1, Seed = 5, Thumbnail = 2 });
        for (int step = 0; step < 200; step++)
        {
            PatchBatch batch = source.Get(step);
            Assert.That(batch.Degraded.ToArray().Zip(batch.Clean.ToArray(), (d, c) => d - c), Is.All.EqualTo(1000));
            // The places of a square of four in the picture, mirrored or not.
            float[] clean = batch.Clean.ToArray();
            Assert.That(Math.Abs(clean[1] - clean[0]), Is.EqualTo(1));
            Assert.That(clean[Size] - clean[0], Is.EqualTo(8));
            Assert.That(source.Get(step).Clean.SequenceEqual(batch.Clean), Is.True);
        }

        Assert.That(sizes.Select(s => s.Item1).Distinct(), Is.EquivalentTo(new[] { 4, 5, 6 }));
        Assert.That(sizes.Select(s => s.Item2).Distinct(), Is.EquivalentTo(new[] { 4, 5, 6, 7, 8 }));
        Assert.That(s_places.Samples[47], Is.EqualTo(47), "the picture's memory is not handed back");

        ImageBuffer Degrade(TrainingImage picture, PhiloxRandom random)
        {
            sizes.Add((picture.Clean.Height, picture.Clean.Width));
            Assert.That(picture.Depth!.Samples.ToArray().Zip(picture.Clean.Samples.ToArray(), (d, c) => d - c), Is.All.EqualTo(0.5f));
            ImageBuffer degraded = picture.Clean.Clone();
            foreach (ref float sample in degraded.Samples)
                sample += 1000;
            return degraded;
        }
    }

    [TestCase(1)]
    [TestCase(0.5)]
    public void A_share_of_the_windows_is_turned(double share)
    {
        int turned = 0;
        var depth = new ImageBuffer(1, s_places.Height, s_places.Width, [.. s_places.Samples.ToArray().Select(p => p + 0.5f)]);
        var source = new PatchPairSource(
            [new("t", [new("a", s_places, Depth: depth)], null) { PictureTransform = Degrade, PictureWindows = 1, TurnedWindows = share }], new PatchPairOptions { PatchSize = Size, BatchSize = 1, Seed = 7, Thumbnail = 2 });
        const int Steps = 200;
        for (int step = 0; step < Steps; step++)
        {
            // What lay in a row, one place from the next, now stands in a column.
            float[] clean = source.Get(step).Clean.ToArray();
            bool stands = clean[Size] - clean[0] == 1;
            Assert.That(Math.Abs(clean[1] - clean[0]), Is.EqualTo(stands ? 8 : 1));
            turned += stands ? 1 : 0;
        }

        Assert.That(turned, share == 1 ? Is.EqualTo(Steps) : Is.InRange(Steps / 3, Steps * 2 / 3));
        Assert.That(s_places.Samples[47], Is.EqualTo(47), "the picture's memory is not handed back");

        static ImageBuffer Degrade(TrainingImage picture, PhiloxRandom random)
        {
            Assert.That(picture.Depth!.Samples.ToArray().Zip(picture.Clean.Samples.ToArray(), (d, c) => d - c), Is.All.EqualTo(0.5f));
            return picture.Clean.Clone();
        }
    }

    [Test]
    public void A_share_of_turned_windows_is_a_share() => Assert.That(
        () => new PatchPairSource([new("t", [new("a", s_places)], null) { PictureTransform = (p, _) => p.Clean, TurnedWindows = -0.5 }], new PatchPairOptions { PatchSize = Size }),
        Throws.ArgumentException.With.Message.Contains("-0.5 turned windows"));

    [Test]
    public void A_share_of_windows_is_a_share() => Assert.That(
        () => new PatchPairSource([new("t", [new("a", s_places)], null) { PictureTransform = (p, _) => p.Clean, PictureWindows = 1.5 }], new PatchPairOptions { PatchSize = Size }),
        Throws.ArgumentException.With.Message.Contains("1.5 windows"));

    [Test]
    public void An_augmentation_that_changes_the_size_is_named() => Assert.That(
        () => Source((picture, _) => picture.Clean, (_, _) => new ImageBuffer(1, 2, 2)).Get(0), Throws.InvalidOperationException.With.Message.Contains("augmentation"));

    [Test]
    public void A_transform_that_changes_the_size_is_named() =>
        Assert.That(() => Source((_, _) => new ImageBuffer(1, 2, 2)).Get(0), Throws.InvalidOperationException.With.Message.Contains("'t'"));

    [Test]
    public void Thumbnails_want_whole_pictures() => Assert.That(
        () => new PatchPairSource([new("t", [new("a", s_places)], null)], new PatchPairOptions { PatchSize = Size, Thumbnail = 2 }),
        Throws.ArgumentException.With.Message.Contains("picture transform"));

    [Test]
    public void A_network_that_wants_thumbnails_is_not_trained_without()
    {
        RestorationNetwork network = ModelZoo.CreateNetwork("GirNet", HyperParameters.Parse("""{"features":[4,4,4,4],"blocks":1,"code":8,"thumbnail":8}"""));
        Assert.That(() => new Trainer(network, TrainingFixture.Source(), TrainingFixture.Options), Throws.ArgumentException.With.Message.Contains("expects 8"));
    }

    [Test]
    public void A_network_with_thumbnails_learns_and_resumes_bit_for_bit()
    {
        string whole = Train("picture-whole", null);
        string folder = TrainingFixture.Folder("picture-parts");
        Train(folder, 3);
        Assert.That(File.ReadAllBytes(Train(folder, null)), Is.EqualTo(File.ReadAllBytes(whole)));
    }

    [Test]
    public void Parts_learn_while_the_others_stay()
    {
        string folder = TrainingFixture.Folder("picture-trust");
        RestorationNetwork before = Network();
        Train(folder, 3, "trust");
        Train(folder, null, "trust");
        RestorationNetwork after = ModelZoo.LoadNetwork(Trainer.BestCheckpointPath(folder));
        foreach (((string key, Tensor was), (_, Tensor becomes)) in before.Module.NamedParameters().Zip(after.Module.NamedParameters()))
        {
            // Where the last layer starts as zero nothing reaches the first one in the first step, but in the second.
            Assert.That(becomes.ToArray().SequenceEqual(was.ToArray()), Is.EqualTo(!key.StartsWith("trust", StringComparison.Ordinal)), key);
        }

        Assert.That(File.ReadAllBytes(Trainer.LastCheckpointPath(folder)), Is.EqualTo(File.ReadAllBytes(Train("picture-trust-whole", null, "trust"))), "resumed bit for bit");
        Assert.That(() => Train("picture-nothing", 1, "trus"), Throws.ArgumentException.With.Message.Contains("no part 'trus'").And.Message.Contains("tail"));
        Assert.That(() => Train(folder, null), Throws.TypeOf<TrainingConfigurationException>().With.Message.Contains("trained parts"));
    }

    [Test]
    public void The_floor_of_the_loss_weighs_what_is_nearly_clean_and_decides_whether_a_training_goes_on()
    {
        Tensor clean = Tensor.Zeros(TensorShape.Create(1, 2, 2, 2));
        Tensor restored = Tensor.Full(clean.Shape, 0.01f);
        var low = new PixelObjective(TrainingLoss.Psnr) { PsnrEpsilon = 1e-4 };
        Assert.That(low.Distance(restored, clean).Item(), Is.EqualTo(10 * Math.Log10(2e-4)).Within(1e-4));
        Assert.That(new PixelObjective(TrainingLoss.Psnr).Distance(restored, clean).Item(), Is.EqualTo(10 * Math.Log10(1.1e-3)).Within(1e-4));
        Assert.That(low.Description, Is.EqualTo("Psnr above 0.0001"));
    }

    // A tail of zeros changes nothing, and nothing could be learned of how far to trust it.
    private static RestorationNetwork Network()
    {
        RestorationNetwork network = ModelZoo.CreateNetwork("GirNet", HyperParameters.Parse("""{"features":[4,4,4,4],"blocks":1,"code":8,"thumbnail":8}"""));
        Tensor tail = network.Module.NamedParameters().Single(p => p.Key == "tail.weight").Value;
        tail.Storage.Write([.. Enumerable.Range(0, tail.Length).Select(i => 0.01f * ((i % 7) - 3))]);
        return network;
    }

    private static string Train(string folder, long? stopAfter, params string[] parts)
    {
        if (!Path.IsPathRooted(folder))
            folder = TrainingFixture.Folder(folder);
        RestorationNetwork network = Network();
        var task = new TrainingTask("t", [new("a", TrainingFixture.Image(24, 31, 1))], null) { PictureTransform = (picture, random) => TrainingFixture.AddNoise(picture.Clean, random) };
        var source = new PatchPairSource([task], new PatchPairOptions { PatchSize = 16, BatchSize = 2, Thumbnail = 8 });
        var trainer = new Trainer(network, source, TrainingFixture.Options with { Output = folder, Loss = TrainingLoss.Psnr, StopAfter = stopAfter, TrainedParts = parts });
        trainer.Run();
        return Trainer.LastCheckpointPath(folder);
    }

    private static PatchPairSource Source(PictureTransform transform, PictureTransform? augmentation = null) => new(
        [new("t", [new("a", s_places)], null) { PictureTransform = transform, PictureAugmentation = augmentation }],
        new PatchPairOptions { PatchSize = Size, BatchSize = 1, Thumbnail = 2 });
}
