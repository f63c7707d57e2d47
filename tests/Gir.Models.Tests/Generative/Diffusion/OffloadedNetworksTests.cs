using Gir.Imaging;
using Gir.Models.Generative.Diffusion;
using Gir.Models.Restoration;
using Gir.Models.Serialization;
using Gir.Models.Tensors;
using Gir.Models.Tests.Restoration;
using Gir.Models.Tests.Tensors;

namespace Gir.Models.Tests.Generative.Diffusion;

/// <summary>Networks that are read when they are at work: the same results, less memory, turns.</summary>
[NonParallelizable]
public sealed class OffloadedNetworksTests
{
    private static readonly LatentDiffusionSettings s_settings = new() { Groups = 4, HeadChannels = 8 };

    private TemporaryFolder _folder = null!;
    private EngineInUse _engine = null!;
    private LatentDiffusionOptions _options = null!;

    private string Networks => _folder["networks.safetensors"];

    private string Control => _folder["control.safetensors"];

    [SetUp]
    public void SetUp()
    {
        _folder = new();
        (var network, var control) = CldmGolden.TinyNetworks();
        var all = new LatentDiffusionNetworks(CldmGolden.TinyAutoencoder(), network, control, s_settings);
        SafeTensorsFile.Write(Networks, all.State.Where(e => !e.Key.StartsWith("control.", StringComparison.Ordinal)));
        SafeTensorsFile.Write(Control, all.State.Where(e => e.Key.StartsWith("control.", StringComparison.Ordinal)));
        // An engine of its own, which holds none of the networks above.
        _engine = new();
        _options = new() { Steps = 3, Text = Tensor.Full([1, 5, network.Options.ContextFeatures!.Value], 0.3f) };
    }

    [TearDown]
    public void TearDown()
    {
        _engine.Dispose();
        _folder.Dispose();
    }

    [Test]
    [OnePass]
    public void Results_names_and_identity_are_those_of_networks_in_memory([Values] bool compact)
    {
        ImageBuffer image = Images.Gradient(24, 32);
        foreach (LatentDiffusionOptions options in new[] { _options, _options with { Guidance = new RestorationGuidanceOptions { Scale = 0.002, InPixels = true } } })
        {
            LatentDiffusionRestorer resident = Load(options, offload: false, compact);
            LatentDiffusionRestorer offloaded = Load(options, offload: true, compact);
            Assert.That(offloaded.Info, Is.EqualTo(resident.Info));
            Assert.That(offloaded.Identity, Is.EqualTo(resident.Identity));
            Assert.That(offloaded.Restore(image).Samples.ToArray(), Is.EqualTo(resident.Restore(image).Samples.ToArray()));
            Assert.That(offloaded.RoundTrip(image).Samples.ToArray(), Is.EqualTo(resident.RoundTrip(image).Samples.ToArray()));
            Assert.That(offloaded.Predictions(image).Select(p => p.Samples.ToArray()), Is.EqualTo(resident.Predictions(image).Select(p => p.Samples.ToArray())));
            LatentDiffusionOptions other = options with { Seed = 7 };
            Assert.That(offloaded.With(other).Restore(image).Samples.ToArray(), Is.EqualTo(resident.With(other).Restore(image).Samples.ToArray()));
        }
    }

    [Test]
    public void Only_what_is_at_work_is_in_memory()
    {
        long before = _engine.Memory.BytesInUse;
        LatentDiffusionRestorer offloaded = Load(_options, offload: true);
        Assert.That(_engine.Memory.BytesInUse, Is.EqualTo(before), "loaded");
        var seen = new List<long>();
        offloaded.Restore(Images.Gradient(24, 32), new Told<RestorationProgress>(_ => seen.Add(_engine.Memory.BytesInUse - before)));
        Assert.That(_engine.Memory.BytesInUse, Is.EqualTo(before), "after an image");
        _ = offloaded.Identity;
        Assert.That(_engine.Memory.BytesInUse, Is.EqualTo(before), "after its identity");
        Assert.That(() => offloaded.Restore(Images.Gradient(24, 32), new Told<RestorationProgress>(p => throw new InvalidDataException($"{p.Done}"))), Throws.TypeOf<InvalidDataException>());
        Assert.That(_engine.Memory.BytesInUse, Is.EqualTo(before), "after a failure");

        LatentDiffusionRestorer resident = Load(_options, offload: false);
        long all = _engine.Memory.BytesInUse - before;
        GC.KeepAlive(resident);
        (long encoded, long sampling, long decoded) = (seen[0], seen[1], seen[^1]);
        Assert.That(sampling, Is.GreaterThan(all / 2).And.LessThan(all), "the U-Net and its control branch are most of it");
        Assert.That(Math.Max(encoded, decoded), Is.LessThan(sampling / 4), "neither of them after the autoencoder's work");
    }

    [Test]
    public void Threads_take_turns_and_a_token_ends_the_wait()
    {
        LatentDiffusionRestorer offloaded = Load(_options, offload: true);
        ImageBuffer image = Images.Gradient(24, 32);
        float[] expected = offloaded.Restore(image).Samples.ToArray();
        var results = new float[6][];
        Parallel.For(0, results.Length, i => results[i] = offloaded.Restore(image).Samples.ToArray());
        Assert.That(results, Has.All.EqualTo(expected));

        using var isInside = new ManualResetEventSlim();
        using var mayGoOn = new ManualResetEventSlim();
        Task<ImageBuffer> first = Task.Run(() => offloaded.Restore(image, new Told<RestorationProgress>(_ =>
        {
            isInside.Set();
            mayGoOn.Wait();
        })));
        isInside.Wait();
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));
        Assert.That(() => offloaded.Restore(image, source.Token), Throws.InstanceOf<OperationCanceledException>());
        mayGoOn.Set();
        Assert.That(first.GetAwaiter().GetResult().Samples.ToArray(), Is.EqualTo(expected));
    }

    [Test]
    public void Files_that_have_changed_lack_a_network_or_are_gone_are_told_by_name()
    {
        Assert.That(() => LatentDiffusionRestorer.Load([Networks], null, _options, s_settings, offload: true), Throws.TypeOf<CheckpointFormatException>().With.Message.Contains("no control branch"));
        LatentDiffusionRestorer offloaded = Load(_options, offload: true);
        File.SetLastWriteTimeUtc(Control, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        long before = _engine.Memory.BytesInUse;
        Assert.That(() => offloaded.Restore(Images.Gradient(16, 16)), Throws.TypeOf<CheckpointFormatException>().With.Message.Contains("control.safetensors").And.Message.Contains("not the one that was loaded"));
        Assert.That(_engine.Memory.BytesInUse, Is.EqualTo(before));
        File.Delete(Networks);
        Assert.That(() => offloaded.Restore(Images.Gradient(16, 16)), Throws.TypeOf<FileNotFoundException>().With.Message.Contains("networks.safetensors"));
    }

    private LatentDiffusionRestorer Load(LatentDiffusionOptions options, bool offload, bool compact = false) =>
        LatentDiffusionRestorer.Load([Networks, Control], null, options, s_settings, compact, offload);
}
