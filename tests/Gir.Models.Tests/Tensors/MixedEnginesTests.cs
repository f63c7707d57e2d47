using Gir.Models.Tensors;
using Gir.Models.Tensors.Backends.Cpu;
using Gir.Models.Training;

namespace Gir.Models.Tests.Tensors;

/// <summary>Operands of two engines are refused by name: a kernel reads only the memory of its own engine.</summary>
public sealed class MixedEnginesTests
{
    private static readonly CpuBackend Fast = new(new CpuBackendOptions { MaxDegreeOfParallelism = 1 });
    private static readonly ScalarBackend Oracle = new();

    private static readonly (string Operation, Func<Tensor, Tensor, Tensor> Call, int[] First, int[] Second)[] Table =
    [
        ("add", (a, b) => a + b, [2], [2]),
        ("subtract", (a, b) => a - b, [2], [2]),
        ("multiply", (a, b) => a * b, [2], [2]),
        ("divide", (a, b) => a / b, [2], [2]),
        ("prelu", (a, b) => a.Prelu(b), [2, 3], [3]),
        ("matmul", (a, b) => a.MatMul(b), [2, 3], [3, 2]),
        ("matmul", (a, b) => a.MatMulTransposed(b), [2, 3], [2, 3]),
        ("linear", (a, b) => a.Linear(b), [2, 3], [4, 3]),
        ("linear", (a, b) => a.Linear(Tensor.Ones([4, 3], a.Backend), b), [2, 3], [4]),
        ("attention", (a, b) => TensorOps.Attention(a, b, b, 1), [1, 1, 2, 3], [1, 1, 2, 3]),
        ("attention", (a, b) => TensorOps.Attention(a, a, a, 1, b), [1, 1, 2, 3], [1, 2, 2]),
        ("attention", (a, b) => TensorOps.Attention(a, a, a, 1, null, b), [1, 1, 2, 3], [1, 2, 2]),
        ("conv2d", (a, b) => a.Conv2d(b), [1, 3, 4, 4], [2, 3, 3, 3]),
        ("conv2d", (a, b) => a.Conv2d(Tensor.Ones([2, 3, 3, 3], a.Backend), b), [1, 3, 4, 4], [2]),
        ("conv_transpose2d", (a, b) => a.ConvTranspose2d(b), [1, 3, 4, 4], [3, 2, 3, 3]),
        ("concatenate", (a, b) => TensorOps.Concatenate(0, a, b), [2], [2]),
        ("stack", (a, b) => TensorOps.Stack(0, a, b), [2], [2]),
        ("layer_norm", (a, b) => a.LayerNorm(b), [2, 3], [3]),
        ("layer_norm2d", (a, b) => a.LayerNorm2d(null, b), [1, 3, 2, 2], [3]),
        ("bias_free_layer_norm2d", (a, b) => a.BiasFreeLayerNorm2d(b), [1, 3, 2, 2], [3]),
        ("instance_norm", (a, b) => a.InstanceNorm(b), [1, 3, 2, 2], [3]),
        ("group_norm", (a, b) => a.GroupNorm(1, null, b), [1, 3, 2, 2], [3]),
        ("batch_norm", (a, b) => a.BatchNorm(b, b), [1, 3, 2, 2], [3]),
        ("batch_norm", (a, b) => a.BatchNormTraining(b, b), [1, 3, 2, 2], [3]),
        ("l1_loss", (a, b) => a.L1Loss(b), [2], [2]),
        ("bce_with_logits", (a, b) => a.BinaryCrossEntropyWithLogits(b), [2], [2]),
    ];

    public static IEnumerable<TestCaseData> Calls => Table.Select((row, i) => new TestCaseData(i).SetArgDisplayNames($"{i}", row.Operation));

    [TestCaseSource(nameof(Calls))]
    public void An_operator_names_itself_and_both_engines(int row)
    {
        (string operation, Func<Tensor, Tensor, Tensor> call, int[] first, int[] second) = Table[row];
        AssertRefused(operation, Fast, Oracle);
        AssertRefused(operation, Oracle, Fast);

        void AssertRefused(string operation, TensorBackend one, TensorBackend other) => Assert.That(
            () => call(Ones(first, one), Ones(second, other)),
            Throws.ArgumentException.With.Message.StartsWith(operation + ": found ").And.Message.Contains($"on engine '{one.Name}'")
                .And.Message.Contains($"on engine '{other.Name}'").And.Message.Contains("; expected "));
    }

    // What the table forgets still ends in a clear refusal, whichever operand is the foreign one.
    [TestCaseSource(typeof(OperatorCases), nameof(OperatorCases.All))]
    public void No_operator_takes_a_foreign_operand(object operation)
    {
        var which = (OperatorCase)operation;
        var draw = new Draw(5, false);
        Func<Tensor[], Tensor> run = which.Prepare(draw);
        for (int foreign = 0; foreign < draw.Leaves.Count && draw.Leaves.Count > 1; foreign++)
        {
            Tensor[] leaves = [.. draw.Leaves.Select((leaf, i) => Tensor.From(leaf.Values, leaf.Shape, i == foreign ? Oracle : Fast))];
            Assert.That(() => run(leaves), Throws.ArgumentException.With.Message.Contains("expected all operands on one engine"), $"{which}, operand {foreign}");
        }
    }

    [Test]
    public void Two_engines_of_one_name_are_two_engines()
    {
        var other = new CpuBackend(new CpuBackendOptions { MaxDegreeOfParallelism = 1 });
        Assert.That(
            () => Ones([2], Fast) + Ones([2], other),
            Throws.ArgumentException.With.Message.EqualTo("add: found [2] and [2] on two engines named 'cpu'; expected all operands on one engine."));
    }

    [Test]
    public void A_gradient_of_another_engine_is_refused()
    {
        Tensor x = Ones([2], Fast);
        x.RequiresGradient = true;
        Assert.That(() => (x * 2).Backward(Ones([2], Oracle)), Throws.ArgumentException.With.Message.StartsWith("backward: found "));
        x.Gradient = Ones([2], Oracle);
        Assert.That(() => new Sgd([x], 0.1).Step(), Throws.ArgumentException.With.Message.StartsWith("optimizer step: found "));
        Assert.That(() => new Adam([x]).SetMoments(0, Ones([2], Fast), Ones([2], Oracle)), Throws.ArgumentException.With.Message.StartsWith("adam moments: found "));
    }

    [Test]
    public void A_kernel_called_with_foreign_memory_says_so() => Assert.That(
        () => Fast.Copy(Ones([2], Oracle), Ones([2], Fast)), Throws.ArgumentException.With.Message.Contains("'scalar'").And.Message.Contains("'cpu'"));

    private static Tensor Ones(int[] sizes, TensorBackend engine) => Tensor.Ones(TensorShape.Create(sizes), engine);
}
