using Gir.Imaging.Random;
using Gir.Models.Serialization;
using Gir.Models.Tensors;
using Gir.Models.Tests.Serialization;
using Gir.Models.Zoo;

namespace Gir.Models.Tests.Zoo;

/// <summary>Loading costs no more than a small multiple of the file, whatever the file claims.</summary>
public sealed class BoundedLoadingTests
{
    // What the runtime and small tables take whatever the file.
    private const long Overhead = 4 << 20;
    private const int Multiple = 16;

    [Test]
    public void Views_of_one_storage_count_once()
    {
        // A chain of 200 convolutions whose weights are all the same 36,864 numbers.
        var pickle = new TorchPickle();
        int storage = pickle.Storage(new float[64 * 64 * 9]);
        pickle.Raw("}(");
        for (int i = 0; i < 200; i++)
        {
            int[] weight = i == 0 ? [64, 1, 3, 3] : i == 199 ? [1, 64, 3, 3] : [64, 64, 3, 3];
            pickle.Text($"model.{2 * i}.weight").View(storage, weight).Text($"model.{2 * i}.bias").View(storage, [weight[0]]);
        }

        AssertRefused(pickle.Raw("u").ToFile(), "made.pth", "which the checkpoint does not hold");
    }

    [Test]
    public void Two_layers_may_share_their_weights()
    {
        RestorationNetwork network = TinyNetworks.SrResNet();
        var pickle = new TorchPickle();
        pickle.Raw("}(");
        int shared = pickle.Storage([.. Enumerable.Range(0, 4 * 4 * 9).Select(i => (float)i)]);
        foreach ((string key, Tensor tensor) in network.Module.StateDictionary())
        {
            int storage = key.EndsWith("conv2.weight", StringComparison.Ordinal) ? shared : pickle.Storage(tensor.ToArray());
            pickle.Text(key).View(storage, tensor.Shape.Sizes);
        }

        RestorationNetwork loaded = ModelZoo.Network(Checkpoint.Read(pickle.Raw("u").ToFile(), "made.pth"), "made.pth", new());
        Dictionary<string, Tensor> state = loaded.Module.StateDictionary().ToDictionary();
        Assert.That(state["body.1.conv2.weight"].ToArray(), Is.EqualTo(state["body.0.conv2.weight"].ToArray()).And.Some.EqualTo(143));
        Assert.That(state["body.1.conv2.weight"].Storage, Is.Not.SameAs(state["body.0.conv2.weight"].Storage));
    }

    [Test]
    public void A_window_is_no_larger_than_its_checkpoint()
    {
        // The table of a window of 128 has 65,025 rows; its index would have 2^28 numbers.
        KeyValuePair<string, TensorShape>[] shapes =
        [
            new("conv_first.weight", [4, 3, 3, 3]), new("layers.0.residual_group.blocks.0.norm1.weight", [4]),
            new("layers.0.residual_group.blocks.0.attn.relative_position_bias_table", [65025, 1]), new("layers.0.residual_group.blocks.0.attn.qkv.weight", [12, 4]),
            new("layers.0.residual_group.blocks.0.mlp.fc1.weight", [8, 4]), new("norm.weight", [4]), new("conv_after_body.weight", [4, 4, 3, 3]),
        ];
        AssertRefused(SafeTensors(shapes), "made.safetensors", "which the checkpoint does not hold");
    }

    [TestCase("hyper_surrogate.safetensors")]
    [TestCase("shared2000.pth")]
    [TestCase("srresnet_blocks2000.safetensors")]
    [TestCase("srresnet_w1000.safetensors")]
    [TestCase("swinir_ape.safetensors")]
    [TestCase("swinir_window128.safetensors")]
    [TestCase("zoo-1-RSS5120MB.safetensors")]
    [TestCase("zoo-2-1.safetensors")]
    [Category(TestData.RealData)]
    public void Hostile_files_are_refused(string name)
    {
        string path = TestData.Shared("faults", "hostile", name);
        AssertRefused(File.ReadAllBytes(path), path, "");
    }

    [Test]
    public void Tensors_that_contradict_one_another_are_refused_or_fit()
    {
        var random = new PhiloxRandom(seed: 20261128, stream: 3);
        int[] sizes = [0, 1, 2, 3, 7, 64, 1 << 16, int.MaxValue];
        int refused = 0;
        foreach (RestorationNetwork network in TinyNetworks.All)
        {
            KeyValuePair<string, Tensor>[] state = [.. network.Module.StateDictionary()];
            for (int attempt = 0; attempt < 60; attempt++)
            {
                Dictionary<string, CheckpointTensor> tensors = state.ToDictionary(e => e.Key, e => Empty(e.Value.Shape));
                for (int change = 0; change <= attempt % 3; change++)
                {
                    (string key, Tensor tensor) = state[random.NextInteger(0, state.Length - 1)];
                    int[] changed = tensor.Shape.Sizes.ToArray();
                    if (changed.Length > 0)
                        changed[random.NextInteger(0, changed.Length - 1)] = sizes[random.NextInteger(0, sizes.Length - 1)];
                    if (changed.Aggregate(1L, (product, size) => Math.Min(1L << 40, product * size)) < 1 << 20)
                        tensors[key] = Empty(TensorShape.Create(changed));
                }

                foreach (ArchitectureDescriptor descriptor in Architectures.All.Where(d => d.Matches(NetworkInFile.ShapesOf(tensors))))
                {
                    try
                    {
                        new NetworkInFile("", descriptor, tensors).Build(HyperParameters.None, isCompact: false);
                    }
                    catch (ArgumentException)
                    {
                        refused++;
                    }
                }
            }
        }

        Assert.That(refused, Is.GreaterThan(100));
    }

    private static CheckpointTensor Empty(TensorShape shape) => new(CheckpointDataType.Float32, shape, default);

    private static byte[] SafeTensors(IEnumerable<KeyValuePair<string, TensorShape>> shapes)
    {
        using var stream = new MemoryStream();
        SafeTensorsFile.Write(stream, shapes.Select(s => KeyValuePair.Create(s.Key, Tensor.Zeros(s.Value))));
        return stream.ToArray();
    }

    private static void AssertRefused(byte[] file, string name, string words)
    {
        void Load() => ModelZoo.Network(Checkpoint.Read(file, name), name, new());

        // The first refusal also pays for what the runtime compiles and caches.
        Assert.That(Load, Throws.TypeOf<CheckpointFormatException>().With.Message.Contains(name).And.Message.Contains(words));
        using MemoryMeter meter = MemoryMeter.Start();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(Load, Throws.TypeOf<CheckpointFormatException>());
        long managed = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.That(managed + meter.PeakBytes, Is.LessThan(Overhead + (Multiple * file.Length)));
    }
}
