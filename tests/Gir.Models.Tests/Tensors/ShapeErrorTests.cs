using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Gir.Models.Backbones.StyleGan2;
using Gir.Models.Tensors;

namespace Gir.Models.Tests.Tensors;

/// <summary>What does not fit is refused by name, with what was found.</summary>
public sealed class ShapeErrorTests
{
    // Any shape will do for these.
    private static readonly string[] Elementwise =
    [
        "Apply", "Relu", "Relu6", "LeakyRelu", "Gelu", "Sigmoid", "Tanh", "Silu", "Softplus", "HardSigmoid", "Clamp", "Abs", "Exp", "Log", "Sqrt",
        "ReciprocalSqrt", "Square", "Erf", "ScaleAndShift",
    ];

    // Operators whose messages bear torch's name rather than the method's own.
    private static readonly Dictionary<string, string> TorchNames = new()
    {
        ["MatMul"] = "matmul", ["MatMulTransposed"] = "matmul", ["MeanSquaredErrorLoss"] = "mse_loss", ["BinaryCrossEntropyWithLogits"] = "bce_with_logits",
        ["AveragePool2d"] = "avg_pool2d", ["GlobalAveragePool2d"] = "adaptive_avg_pool2d", ["BatchNormTraining"] = "batch_norm", ["UpFirDn2d"] = "upfirdn2d",
    };

    private static readonly FirFilter s_fourTaps = new([1, 3, 3, 1]);

    private static readonly Row[] Table =
    [
        new("add", "[2, 3] and [2, 4]", () => T(2, 3).Add(T(2, 4))),
        new("matmul", "[2, 3] and [2, 3]", () => T(2, 3).MatMul(T(2, 3))),
        new("matmul", "[] and [2]", () => T().MatMul(T(2))),
        new("matmul", "[3] and [2, 3]", () => T(3).MatMulTransposed(T(2, 3))),
        new("linear", "weight [4, 2]", () => T(5, 3).Linear(T(4, 2))),
        new("linear", "bias [3]", () => T(5, 3).Linear(T(4, 3), T(3))),
        new("attention", "k [1, 1, 3, 5]", () => TensorOps.Attention(T(1, 1, 3, 4), T(1, 1, 3, 5), T(1, 1, 3, 5), 1)),
        new("attention", "mask [0, 3, 3]", () => TensorOps.Attention(T(1, 1, 3, 4), T(1, 1, 3, 4), T(1, 1, 3, 4), 1, null, T(0, 3, 3))),
        new("conv2d", "[3, 8, 8]", () => T(3, 8, 8).Conv2d(T(4, 3, 3, 3))),
        new("conv2d", "weight [4, 2, 3, 3]", () => T(1, 3, 8, 8).Conv2d(T(4, 2, 3, 3))),
        new("conv2d", "bias [3]", () => T(1, 3, 8, 8).Conv2d(T(4, 3, 3, 3), T(3))),
        new("conv2d", "padding -1", () => T(1, 3, 8, 8).Conv2d(T(4, 3, 3, 3), padding: -1)),
        new("conv2d", "input [1, 3, 2, 8]", () => T(1, 3, 2, 8).Conv2d(T(4, 3, 3, 3))),
        new("conv_transpose2d", "output padding 2", () => T(1, 3, 4, 4).ConvTranspose2d(T(3, 2, 3, 3), stride: 2, outputPadding: 2)),
        new("reshape", "[2, 3] to [4]", () => T(2, 3).Reshape(4)),
        new("reshape", "[2, 3] to [4, -1]", () => T(2, 3).Reshape(4, -1)),
        new("reshape", "[2, 3] to [-1, -1]", () => T(2, 3).Reshape(-1, -1)),
        new("permute", "order [0, 0]", () => T(2, 3).Permute(0, 0)),
        new("slice", "start 1, count 2, step 2", () => T(3).Slice([1], [2], [2])),
        new("split", "sizes 2, 2", () => T(3).Split(0, 2, 2)[0]),
        new("concatenate", "[2, 3], [3, 3]", () => TensorOps.Concatenate(1, T(2, 3), T(3, 3))),
        new("stack", "dimension 3", () => TensorOps.Stack(3, T(2), T(2))),
        new("stack", "[2] and [3]", () => TensorOps.Stack(0, T(2), T(3))),
        new("expand", "[2] to [3]", () => T(2).Expand([3])),
        new("sum_to", "[2, 3] to [2]", () => T(2, 3).SumTo([2])),
        new("gather_rows", "row 3", () => T(3, 2).GatherRows([3])),
        new("pixel_shuffle", "factor 2", () => T(1, 3, 2, 2).PixelShuffle(2)),
        new("pixel_unshuffle", "factor 2", () => T(1, 3, 3, 2).PixelUnshuffle(2)),
        new("pad2d", "left 2", () => T(1, 1, 2, 2).Pad2d(TensorPadMode.Reflect, 2, 0, 0, 0)),
        new("interpolate", "to 0 x 2", () => T(1, 1, 2, 2).Interpolate(0, 2, InterpolationMode.Nearest)),
        new("unfold", "kernel 0", () => T(1, 1, 2, 2).Unfold(0)),
        new("fold", "to 4 x 4", () => T(1, 4, 3).Fold(4, 4, 2)),
        new("max_pool2d", "padding 2", () => T(1, 1, 4, 4).MaxPool2d(2, padding: 2)),
        new("window_partition", "window 3", () => T(1, 4, 4, 1).WindowPartition(3)),
        new("window_reverse", "[3, 2, 2, 1]", () => T(3, 2, 2, 1).WindowReverse(2, 4, 4)),
        new("layer_norm", "[4]", () => T(2, 3).LayerNorm(T(4))),
        new("instance_norm", "[2, 3]", () => T(2, 3).InstanceNorm()),
        new("group_norm", "2 groups", () => T(2, 3).GroupNorm(2)),
        new("batch_norm", "mean [2]", () => T(2, 3).BatchNorm(T(2), T(2))),
        new("batch_norm", "[1, 3]", () => T(1, 3).BatchNormTraining(T(3), T(3))),
        new("prelu", "weight [2]", () => T(2, 3).Prelu(T(2))),
        new("simple_gate", "[2, 3]", () => T(2, 3).SimpleGate()),
        new("max", "[2, 0]", () => T(2, 0).Max(1, false)),
        new("l1_loss", "target [3, 2]", () => T(2, 3).L1Loss(T(3, 2))),
        new("psnr_loss", "[3]", () => T(3).PsnrLoss(T(3))),
        new("cross_entropy", "class 3", () => T(1, 3).CrossEntropy([3])),
        new("subtract", "[2, 3] and [2, 4]", () => T(2, 3).Subtract(T(2, 4))),
        new("multiply", "[2, 3] and [3, 3]", () => T(2, 3).Multiply(T(3, 3))),
        new("divide", "[2, 3] and [2]", () => T(2, 3).Divide(T(2))),
        new("sum", "dimension 2 of [2, 3]", () => T(2, 3).Sum([0, 2], false)),
        new("mean", "dimension -3 of [2, 3]", () => T(2, 3).Mean([-3], true)),
        new("variance", "dimension 0 of []", () => T().Variance([0], true)),
        new("max", "dimension 2", () => T(2, 3).Max(2, true)),
        new("normalize_l2", "dimension 2", () => T(2, 3).NormalizeL2(2)),
        new("flatten", "dimension 2", () => T(2, 3).Flatten(2)),
        new("permute", "dimension -3", () => T(2, 3).Permute(0, -3)),
        new("transpose", "dimension 2", () => T(2, 3).Transpose(0, 2)),
        new("narrow", "dimension 2", () => T(2, 3).Narrow(2, 0, 1)),
        new("narrow", "2 from 2 in dimension 1", () => T(2, 3).Narrow(1, 2, 2)),
        new("narrow", "2147483647 from 1", () => T(3).Narrow(0, 1, int.MaxValue)),
        new("split", "sizes -1, 4", () => T(3).Split(0, -1, 4)[0]),
        new("split", "dimension 1", () => T(3).Split(1, 3)[0]),
        new("chunk", "0 chunks", () => T(3).Chunk(0, 0)[0]),
        new("chunk", "dimension -2", () => T(3).Chunk(2, -2)[0]),
        new("concatenate", "dimension 1", () => TensorOps.Concatenate(1, T(3), T(3))),
        new("roll", "dimension 1", () => T(3).Roll([1], [1])),
        new("roll", "1 shifts for 2 dimensions", () => T(3, 3).Roll([1], [0, 1])),
        new("gather_rows", "[]", () => T().GatherRows([0])),
        new("reshape", "[2, 3] to [1048576, 1048576]", () => T(2, 3).Reshape(1 << 20, 1 << 20)),
        new("pad2d", "top 2147483647", () => T(1, 1, 2, 2).Pad2d(TensorPadMode.Constant, 0, 0, int.MaxValue, int.MaxValue)),
        new("unfold", "kernel 65536", () => T(1, 1, 2, 2).Unfold(65536, padding: 40000)),
        new("fold", "to 2 x 2", () => T(1, 1, 1).Fold(2, 2, 65536, padding: 40000)),
        new("interpolate", "to -2 x -2", () => T(1, 1, 2, 2).Interpolate(-1.0, InterpolationMode.Bilinear)),
        new("avg_pool2d", "[2, 2]", () => T(2, 2).AveragePool2d(2)),
        new("adaptive_avg_pool2d", "[2, 2]", () => T(2, 2).GlobalAveragePool2d()),
        new("local_mean", "window 0", () => T(1, 1, 2, 2).LocalMean(0)),
        new("softmax", "dimension 2", () => T(2, 3).Softmax(2)),
        new("log_softmax", "dimension -3", () => T(2, 3).LogSoftmax(-3)),
        new("layer_norm2d", "[3]", () => T(1, 2, 2, 2).LayerNorm2d(T(3))),
        new("bias_free_layer_norm2d", "[3]", () => T(1, 2, 2, 2).BiasFreeLayerNorm2d(T(3))),
        new("window_attention", "queries [1, 4, 4, 2]", () => T(1, 4, 4, 2).WindowAttention(T(1, 4, 4, 3), new AttentionWindows(1, 2, 2, 0, 1))),
        new("mse_loss", "target [2]", () => T(3).MeanSquaredErrorLoss(T(2))),
        new("charbonnier_loss", "target [2]", () => T(3).CharbonnierLoss(T(2))),
        new("smooth_l1_loss", "target [2]", () => T(3).SmoothL1Loss(T(2))),
        new("bce_with_logits", "target [2]", () => T(3).BinaryCrossEntropyWithLogits(T(2))),
        new("upfirdn2d", "[1, 1, 2, 2] to 0 x 0", () => T(1, 1, 2, 2).UpFirDn2d(s_fourTaps, s_fourTaps)),
        new("bias_leaky_relu", "bias [2]", () => T(1, 3).BiasLeakyRelu(T(2))),
        new("pixel_norm", "[3]", () => T(3).PixelNorm()),
        new("modulated_conv2d", "style [1, 2]", () => T(1, 3, 4, 4).ModulatedConv2d(T(2, 3, 3, 3), T(1, 2))),
        new("modulated_conv2d", "weight [2, 3, 2, 2]", () => T(1, 3, 4, 4).ModulatedConv2d(T(2, 3, 2, 2), T(1, 3))),
        new("minibatch_deviation", "subgroups of 4", () => T(6, 1, 2, 2).MinibatchDeviation()),
    ];

    public static IEnumerable<TestCaseData> Cases =>
        Table.Select((row, i) => new TestCaseData(i).SetArgDisplayNames(row.Operation, row.Found));

    [TestCaseSource(nameof(Cases))]
    public void An_operator_names_itself_and_what_it_found(int row)
    {
        (string operation, string found, Func<Tensor> call, _) = Table[row];
        Assert.That(call, Throws.TypeOf<TensorShapeException>()
            .With.Property(nameof(TensorShapeException.Operation)).EqualTo(operation)
            .And.Message.Contains(found).And.Message.StartsWith(operation + ": found").And.Message.Contains("; expected "));
    }

    [Test]
    public void Every_operator_that_can_be_misused_has_a_row_under_its_own_name() => Assert.Multiple(() =>
    {
        IEnumerable<string> operators = OperatorCases.Types.SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Static)).Select(m => m.Name).Distinct();
        foreach (string method in operators.Except(Elementwise))
        {
            string name = TorchNames.GetValueOrDefault(method) ?? Regex.Replace(method, "(?<=[a-z0-9])([A-Z])", "_$1").ToLowerInvariant();
            Assert.That(Table.Where(r => r.Source.Contains($".{method}(", StringComparison.Ordinal)).Select(r => r.Operation), Has.Some.EqualTo(name), method);
        }
    });

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

    private sealed record Row(string Operation, string Found, Func<Tensor> Call, [CallerArgumentExpression(nameof(Call))] string Source = "");
}
