using Gir.Models.Tensors;

namespace Gir.Models.Tests.Tensors;

/// <summary>What does not fit is refused by name, with what was found.</summary>
public sealed class ShapeErrorTests
{
    private static readonly (string Operation, string Found, Func<Tensor> Call)[] Table =
    [
        ("add", "[2, 3] and [2, 4]", () => T(2, 3) + T(2, 4)),
        ("matmul", "[2, 3] and [2, 3]", () => T(2, 3).MatMul(T(2, 3))),
        ("matmul", "[] and [2]", () => T().MatMul(T(2))),
        ("matmul", "[3] and [2, 3]", () => T(3).MatMulTransposed(T(2, 3))),
        ("linear", "weight [4, 2]", () => T(5, 3).Linear(T(4, 2))),
        ("linear", "bias [3]", () => T(5, 3).Linear(T(4, 3), T(3))),
        ("attention", "k [1, 1, 3, 5]", () => TensorOps.Attention(T(1, 1, 3, 4), T(1, 1, 3, 5), T(1, 1, 3, 5), 1)),
        ("attention", "mask [0, 3, 3]", () => TensorOps.Attention(T(1, 1, 3, 4), T(1, 1, 3, 4), T(1, 1, 3, 4), 1, null, T(0, 3, 3))),
        ("conv2d", "[3, 8, 8]", () => T(3, 8, 8).Conv2d(T(4, 3, 3, 3))),
        ("conv2d", "weight [4, 2, 3, 3]", () => T(1, 3, 8, 8).Conv2d(T(4, 2, 3, 3))),
        ("conv2d", "bias [3]", () => T(1, 3, 8, 8).Conv2d(T(4, 3, 3, 3), T(3))),
        ("conv2d", "padding -1", () => T(1, 3, 8, 8).Conv2d(T(4, 3, 3, 3), padding: -1)),
        ("conv2d", "input [1, 3, 2, 8]", () => T(1, 3, 2, 8).Conv2d(T(4, 3, 3, 3))),
        ("conv_transpose2d", "output padding 2", () => T(1, 3, 4, 4).ConvTranspose2d(T(3, 2, 3, 3), stride: 2, outputPadding: 2)),
        ("reshape", "[2, 3] to [4]", () => T(2, 3).Reshape(4)),
        ("reshape", "[2, 3] to [4, -1]", () => T(2, 3).Reshape(4, -1)),
        ("reshape", "[2, 3] to [-1, -1]", () => T(2, 3).Reshape(-1, -1)),
        ("permute", "order [0, 0]", () => T(2, 3).Permute(0, 0)),
        ("slice", "start 1, count 2, step 2", () => T(3).Slice([1], [2], [2])),
        ("split", "sizes adding up to 4", () => T(3).Split(0, 2, 2)[0]),
        ("concatenate", "[2, 3], [3, 3]", () => TensorOps.Concatenate(1, T(2, 3), T(3, 3))),
        ("stack", "dimension 3", () => TensorOps.Stack(3, T(2), T(2))),
        ("stack", "[2] and [3]", () => TensorOps.Stack(0, T(2), T(3))),
        ("expand", "[2] to [3]", () => T(2).Expand([3])),
        ("sum_to", "[2, 3] to [2]", () => T(2, 3).SumTo([2])),
        ("gather_rows", "row 3", () => T(3, 2).GatherRows([3])),
        ("pixel_shuffle", "factor 2", () => T(1, 3, 2, 2).PixelShuffle(2)),
        ("pixel_unshuffle", "factor 2", () => T(1, 3, 3, 2).PixelUnshuffle(2)),
        ("pad2d", "left 2", () => T(1, 1, 2, 2).Pad2d(TensorPadMode.Reflect, 2, 0, 0, 0)),
        ("interpolate", "to 0 x 2", () => T(1, 1, 2, 2).Interpolate(0, 2, InterpolationMode.Nearest)),
        ("unfold", "kernel 0", () => T(1, 1, 2, 2).Unfold(0)),
        ("fold", "to 4 x 4", () => T(1, 4, 3).Fold(4, 4, 2)),
        ("max_pool2d", "padding 2", () => T(1, 1, 4, 4).MaxPool2d(2, padding: 2)),
        ("window_partition", "window 3", () => T(1, 4, 4, 1).WindowPartition(3)),
        ("window_reverse", "[3, 2, 2, 1]", () => T(3, 2, 2, 1).WindowReverse(2, 4, 4)),
        ("layer_norm", "[4]", () => T(2, 3).LayerNorm(T(4))),
        ("instance_norm", "[2, 3]", () => T(2, 3).InstanceNorm()),
        ("group_norm", "2 groups", () => T(2, 3).GroupNorm(2)),
        ("batch_norm", "mean [2]", () => T(2, 3).BatchNorm(T(2), T(2))),
        ("batch_norm", "[1, 3]", () => T(1, 3).BatchNormTraining(T(3), T(3))),
        ("prelu", "weight [2]", () => T(2, 3).Prelu(T(2))),
        ("simple_gate", "[2, 3]", () => T(2, 3).SimpleGate()),
        ("max", "[2, 0]", () => T(2, 0).Max(1, false)),
        ("l1_loss", "target [3, 2]", () => T(2, 3).L1Loss(T(3, 2))),
        ("psnr_loss", "[3]", () => T(3).PsnrLoss(T(3))),
        ("cross_entropy", "class 3", () => T(1, 3).CrossEntropy([3])),
    ];

    public static IEnumerable<TestCaseData> Cases =>
        Table.Select((row, i) => new TestCaseData(i).SetArgDisplayNames(row.Operation, row.Found));

    [TestCaseSource(nameof(Cases))]
    public void An_operator_names_itself_and_what_it_found(int row)
    {
        (string operation, string found, Func<Tensor> call) = Table[row];
        Assert.That(call, Throws.TypeOf<TensorShapeException>()
            .With.Property(nameof(TensorShapeException.Operation)).EqualTo(operation)
            .And.Message.Contains(found).And.Message.StartsWith(operation + ": found").And.Message.Contains("; expected "));
    }

    [Test]
    public void A_shape_that_no_array_can_hold_is_refused()
    {
        Assert.That(() => TensorShape.Create(int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => TensorShape.Create(1 << 20, 1 << 20, 0), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => TensorShape.Create(2, -1), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("[2, -1]"));
    }

    [Test]
    public void A_shape_spreads_into_its_sizes()
    {
        TensorShape batch = [5, 7];
        TensorShape shape = [.. batch, 2];
        Assert.That(shape.ToString(), Is.EqualTo("[5, 7, 2]"));
    }

    private static Tensor T(params ReadOnlySpan<int> sizes) => Tensor.Ones(TensorShape.Create(sizes));
}
