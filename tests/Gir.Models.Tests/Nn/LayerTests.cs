using Gir.Models.Nn;
using Gir.Models.Tensors;
using Gir.Models.Tests.Tensors;

namespace Gir.Models.Tests.Nn;

/// <summary>Each layer is its operator with its parameters, under torch's names.</summary>
public sealed class LayerTests
{
    private static readonly (Module Layer, string State, int[] Input, Func<Tensor, Dictionary<string, Tensor>, Tensor> Expected)[] Table =
    [
        (new Conv2d(4, 6, 3, 2, 2, 2, 2, paddingMode: TensorPadMode.Reflect), "weight [6, 2, 3, 3], bias [6]", [1, 4, 7, 9],
            (x, p) => x.Conv2d(p["weight"], p["bias"], 2, 2, 2, 2, TensorPadMode.Reflect)),
        (new Conv2d(2, 3, 1, bias: false), "weight [3, 2, 1, 1]", [1, 2, 3, 3], (x, p) => x.Conv2d(p["weight"])),
        (new ConvTranspose2d(4, 6, 3, 2, 1, 1, 2), "weight [4, 3, 3, 3], bias [6]", [1, 4, 3, 4],
            (x, p) => x.ConvTranspose2d(p["weight"], p["bias"], 2, 1, 1, 2)),
        (new ConvTranspose2d(2, 3, 2, bias: false), "weight [2, 3, 2, 2]", [1, 2, 3, 3], (x, p) => x.ConvTranspose2d(p["weight"])),
        (new Linear(3, 5), "weight [5, 3], bias [5]", [2, 4, 3], (x, p) => x.Linear(p["weight"], p["bias"])),
        (new Linear(3, 5, bias: false), "weight [5, 3]", [3], (x, p) => x.Linear(p["weight"])),
        (new LayerNorm(6, 0.1f), "weight [6], bias [6]", [2, 6], (x, p) => x.LayerNorm(p["weight"], p["bias"], 0.1f)),
        (new LayerNorm2d(6, 0.1f), "weight [6], bias [6]", [2, 6, 2, 3], (x, p) => x.LayerNorm2d(p["weight"], p["bias"], 0.1f)),
        (new InstanceNorm2d(3, 0.1f), "", [2, 3, 4, 4], (x, _) => x.InstanceNorm(epsilon: 0.1f)),
        (new InstanceNorm2d(3, 0.1f, affine: true), "weight [3], bias [3]", [2, 3, 4, 4], (x, p) => x.InstanceNorm(p["weight"], p["bias"], 0.1f)),
        (new GroupNorm(2, 4, 0.1f), "weight [4], bias [4]", [2, 4, 3, 3], (x, p) => x.GroupNorm(2, p["weight"], p["bias"], 0.1f)),
        (new BatchNorm2d(3, 0.1f), "weight [3], bias [3], running_mean [3], running_var [3], num_batches_tracked []", [2, 3, 4, 4],
            (x, p) => x.BatchNorm(p["running_mean"], p["running_var"], p["weight"], p["bias"], 0.1f)),
        (new Relu(), "", [2, 3], (x, _) => x.Relu()),
        (new LeakyRelu(0.2f), "", [2, 3], (x, _) => x.LeakyRelu(0.2f)),
        (new Gelu(), "", [2, 3], (x, _) => x.Gelu()),
        (new Sigmoid(), "", [2, 3], (x, _) => x.Sigmoid()),
        (new Prelu(), "weight [1]", [2, 3], (x, p) => x.Prelu(p["weight"])),
        (new Prelu(3, 0.1f), "weight [3]", [2, 3, 2, 2], (x, p) => x.Prelu(p["weight"])),
        (new PixelShuffle(2), "", [1, 8, 2, 3], (x, _) => x.PixelShuffle(2)),
        (new PixelUnshuffle(2), "", [1, 2, 4, 6], (x, _) => x.PixelUnshuffle(2)),
        (new Function(x => x * 2), "", [2, 3], (x, _) => x * 2),
        (new Sequential(new Relu(), new Linear(3, 2)), "1.weight [2, 3], 1.bias [2]", [4, 3], (x, p) => x.Relu().Linear(p["1.weight"], p["1.bias"])),
    ];

    public static IEnumerable<TestCaseData> Rows => Table.Select((row, i) => new TestCaseData(i).SetArgDisplayNames($"{i}", row.Layer.GetType().Name));

    [TestCaseSource(nameof(Rows))]
    public void A_layer_is_its_operator(int row)
    {
        (Module layer, string state, int[] sizes, Func<Tensor, Dictionary<string, Tensor>, Tensor> expected) = Table[row];
        Assert.That(string.Join(", ", layer.StateDictionary().Select(e => $"{e.Key} {e.Value.Shape}")), Is.EqualTo(state));

        // Values other than the initial ones, so that a weight of 1 or a bias of 0 cannot be left out unnoticed.
        var draw = new Draw(17, false);
        Dictionary<string, Tensor> values = layer.StateDictionary()
            .ToDictionary(e => e.Key, e => Tensor.From(Array.ConvertAll(draw.Values(e.Value.Length), v => 1.5f + v), e.Value.Shape));
        layer.LoadState(values);
        TensorShape shape = TensorShape.Create(sizes);
        Tensor x = Tensor.From(draw.Values(shape.Length), shape);
        Tensor y = layer.Call(x);
        Assert.That(y.Shape, Is.EqualTo(expected(x, values).Shape));
        Assert.That(y.ToArray(), Is.EqualTo(expected(x, values).ToArray()));
    }

    [Test]
    public void Every_layer_is_in_the_table()
    {
        HashSet<Type> covered = [.. Table.Select(r => r.Layer.GetType())];
        IEnumerable<Type> layers = typeof(Module).Assembly.GetExportedTypes()
            .Where(t => t.Namespace == typeof(Module).Namespace && t.IsSubclassOf(typeof(Module)) && !t.IsAbstract && t != typeof(ModuleList<>));
        Assert.That(layers.Where(t => !covered.Contains(t)), Is.Empty);
    }

    [Test]
    public void Normalizations_start_as_the_identity_up_to_statistics() => Assert.Multiple(() =>
    {
        foreach (Module layer in new Module[] { new LayerNorm(2), new LayerNorm2d(2), new InstanceNorm2d(2, affine: true), new GroupNorm(1, 2), new BatchNorm2d(2) })
        {
            Dictionary<string, float[]> state = layer.StateDictionary().ToDictionary(e => e.Key, e => e.Value.ToArray());
            Assert.That(state["weight"], Is.All.EqualTo(1), $"{layer}");
            Assert.That(state["bias"], Is.All.Zero, $"{layer}");
        }

        Assert.That(new Prelu().Weight.ToArray(), Is.EqualTo(new[] { 0.25f }));
    });

    [Test]
    public void Batch_normalization_remembers_the_batches_it_was_trained_with()
    {
        var layer = new BatchNorm2d(2, momentum: 0.25f) { IsTraining = true };
        // Channel 0: 1, 2, 3, 4 with mean 2.5 and unbiased variance 5 / 3; channel 1: four times 6.
        Tensor x = Tensor.From([1, 2, 6, 6, 3, 4, 6, 6], [2, 2, 1, 2]);
        float[] y = layer.Call(x).ToArray();
        double scale = 1 / Math.Sqrt(1.25 + 1e-5);
        Assert.That(Images.MaxDifference(y, [-1.5 * scale, -0.5 * scale, 0, 0, 0.5 * scale, 1.5 * scale, 0, 0]), Is.LessThan(1e-6));

        Dictionary<string, Tensor> state = layer.StateDictionary().ToDictionary(e => e.Key, e => e.Value);
        Assert.That(Images.MaxDifference(state["running_mean"].ToArray(), [0.25 * 2.5, 0.25 * 6]), Is.LessThan(1e-6));
        Assert.That(Images.MaxDifference(state["running_var"].ToArray(), [0.75 + (0.25 * 5 / 3), 0.75]), Is.LessThan(1e-6));
        Assert.That(state["num_batches_tracked"].Item(), Is.EqualTo(1));
        layer.Call(x);
        Assert.That(state["num_batches_tracked"].Item(), Is.EqualTo(2));

        float[] mean = state["running_mean"].ToArray();
        layer.IsTraining = false;
        layer.Call(x);
        Assert.That(state["running_mean"].ToArray(), Is.EqualTo(mean), "evaluation leaves the statistics alone");
        Assert.That(state["num_batches_tracked"].Item(), Is.EqualTo(2));
    }

    [Test]
    public void Sizes_that_no_layer_can_have_are_refused() => Assert.Multiple(() =>
    {
        Assert.That(() => new Conv2d(0, 1, 3), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new Conv2d(1, 0, 3), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new Conv2d(1, 1, 0), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new Conv2d(4, 3, 3, groups: 2), Throws.ArgumentException.With.Message.Contains("2 groups"));
        Assert.That(() => new ConvTranspose2d(3, 4, 3, groups: 2), Throws.ArgumentException.With.Message.Contains("2 groups"));
        Assert.That(() => new Linear(0, 1), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new Linear(1, -1), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new Prelu(0), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new GroupNorm(3, 4), Throws.ArgumentException.With.Message.Contains("3 groups"));
        Assert.That(() => new LayerNorm(-1), Throws.TypeOf<ArgumentOutOfRangeException>());
    });
}
