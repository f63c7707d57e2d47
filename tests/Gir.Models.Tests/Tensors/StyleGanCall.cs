using System.Text.Json;
using Gir.Models.Backbones.StyleGan2;
using Gir.Models.Tensors;

namespace Gir.Models.Tests.Tensors;

/// <summary>One entry of StyleGAN2's operator goldens, translated into a call.</summary>
internal sealed class StyleGanCall(string name, JsonElement attributes, SafeTensors file, TensorBackend backend)
{
    public Dictionary<string, Tensor> Leaves { get; } = [];

    public Tensor Run() => attributes.GetProperty("op").GetString() switch
    {
        "upfirdn2d" => attributes.GetProperty("separable").GetBoolean() ? UpFirDn(In("x"), Taps("taps_y"), Taps("taps_x")) : NotSeparable(),
        "upfirdn2d of x squared" => SquaredUpFirDn(),
        "pad2d of x squared" => In("x").Square().Pad2d(TensorPadMode.Constant, Ints("pad")[0], Ints("pad")[1], Ints("pad")[2], Ints("pad")[3]),
        "bias_leaky_relu" => In("x").BiasLeakyRelu(Optional("bias")),
        "pixel_norm" => In("x").PixelNorm(),
        "equal_linear" => EqualLinear(),
        "equal_conv2d" => EqualConvolution(),
        "modulated_conv2d" => Modulated(),
        "to_rgb_skip" => In("rgb") + In("bias") + In("skip").UpFirDn2d(Filter([1, 3, 3, 1], 2, 2, 1, 2, 1), Filter([1, 3, 3, 1], 2, 2, 1, 2, 1)),
        "noise_bias_act" => (In("x") + (In("strength") * In("noise"))).BiasLeakyRelu(In("bias")),
        "minibatch_stddev" => In("x").MinibatchDeviation(Int("group")),
        "conv2d" => In("x").Conv2d(In("weight"), Optional("bias"), Int("stride"), Int("padding"), groups: Int("groups")),
        "conv_transpose2d" => In("x").ConvTranspose2d(In("weight"), Optional("bias"), Int("stride"), Int("padding"), Int("output_padding"), Int("groups")),
        "linear" => In("x").Linear(In("weight"), In("bias")),
        "sqrt" => In("x").Sqrt(),
        "rsqrt" => In("x").ReciprocalSqrt(),
        "square" => In("x").Square(),
        "softplus" => In("x").Softplus(),
        "exp" => In("x").Exp(),
        "log" => In("x").Log(),
        "sigmoid" => In("x").Sigmoid(),
        "tanh" => In("x").Tanh(),
        "leaky_relu_product" => (In("x") * In("y")).LeakyRelu(0.2f),
        "divide" => In("x") / In("y"),
        "mean_slice_concat" => MeanSliceConcatenate(),
        "interpolate_bicubic" => In("x").Square().Interpolate(Ints("size")[0], Ints("size")[1], InterpolationMode.Bicubic),
        "avg_pool2d" => In("x").Square().AveragePool2d(Int("kernel")),
        "batch_norm_training" => BatchNorm(),
        var unknown => throw new NotSupportedException($"No translation for golden '{name}', {unknown}."),
    };

    private Tensor MeanSliceConcatenate()
    {
        Tensor x = In("x");
        Tensor blended = x * x.Mean([0], keepDimensions: true);
        return TensorOps.Concatenate(1, blended.Narrow(1, 1, 2), x.Slice([0, 0, 0], [4, 2, 4], [1, 2, 1]).Square());
    }

    private Tensor BatchNorm()
    {
        int channels = Leaf("x").Shape[1];
        return In("x").BatchNormTraining(Tensor.Zeros([channels], backend), Tensor.Ones([channels], backend), In("weight"), In("bias"));
    }

    private Tensor UpFirDn(Tensor x, float[] rows, float[] columns)
    {
        (int[] up, int[] down, int[] pad) = (Ints("up"), Ints("down"), Ints("pad"));
        return x.UpFirDn2d(new FirFilter(rows, up[1], down[1], pad[2], pad[3]), new FirFilter(columns, up[0], down[0], pad[0], pad[1]));
    }

    // A sum over the kernel's rows, each with one tap along the height.
    private Tensor NotSeparable()
    {
        int[] shape = file.Shape($"{name}.in.kernel");
        float[] kernel = file.Floats($"{name}.in.kernel");
        Tensor x = In("x");
        Tensor? sum = null;
        for (int i = 0; i < shape[0]; i++)
        {
            var rows = new float[shape[0]];
            rows[i] = 1;
            Tensor part = UpFirDn(x, rows, kernel[(i * shape[1])..((i + 1) * shape[1])]);
            sum = sum is null ? part : sum + part;
        }

        return sum!;
    }

    private Tensor SquaredUpFirDn()
    {
        int[] pad = Ints("pad");
        FirFilter filter = Filter([.. Ints("kernel")], Math.Sqrt(attributes.GetProperty("gain").GetDouble()), Int("up"), Int("down"), pad[0], pad[1]);
        return In("x").Square().UpFirDn2d(filter, filter);
    }

    private Tensor EqualLinear()
    {
        double rate = attributes.GetProperty("lr_mul").GetDouble();
        Tensor weight = In("weight");
        Tensor y = In("x").Linear(weight * (float)(rate / Math.Sqrt(weight.Shape[1])));
        Tensor bias = In("bias") * (float)rate;
        return attributes.GetProperty("activation").ValueKind == JsonValueKind.Null ? y + bias : y.BiasLeakyRelu(bias);
    }

    private Tensor EqualConvolution()
    {
        Tensor weight = In("weight");
        int kernel = weight.Shape[2];
        Tensor scaled = weight * (float)(1 / Math.Sqrt(weight.Shape[1] * kernel * kernel));
        Tensor x = In("x");
        if (attributes.GetProperty("smooth_first").GetBoolean())
        {
            int pad = 2 + (kernel - 1);
            FirFilter filter = Filter([.. Ints("kernel")], 1, 1, 1, (pad + 1) / 2, pad / 2);
            x = x.UpFirDn2d(filter, filter);
        }

        return x.Conv2d(scaled, Optional("bias"), Int("stride"), Int("padding"));
    }

    private Tensor Modulated()
    {
        Tensor weight = In("weight");
        int kernel = weight.Shape[3];
        int[] taps = Ints("kernel");
        (StyleSampling sampling, FirFilter? filter) = attributes.GetProperty("mode").GetString() switch
        {
            "upsample" => (StyleSampling.Up, Filter([.. taps], 2, 1, 1, ((taps.Length - 2 - (kernel - 1) + 1) / 2) + 1, ((taps.Length - 2 - (kernel - 1)) >> 1) + 1)),
            "downsample" => (StyleSampling.Down, Filter([.. taps], 1, 1, 1, (taps.Length - 2 + (kernel - 1) + 1) / 2, (taps.Length - 2 + (kernel - 1)) / 2)),
            _ => (StyleSampling.None, (FirFilter?)null),
        };
        return In("x").ModulatedConv2d(
            weight.Reshape(weight.Shape[1], weight.Shape[2], kernel, kernel), In("style"), attributes.GetProperty("demodulate").GetBoolean(), sampling, filter);
    }

    private static FirFilter Filter(int[] taps, double gain, int up, int down, int before, int after) =>
        new([.. taps.Select(t => (float)(t * gain / taps.Sum()))], up, down, before, after);

    private float[] Taps(string input) => file.Floats($"{name}.in.{input}");

    private Tensor Leaf(string input) => Leaves.TryGetValue(input, out Tensor? leaf) ? leaf : In(input);

    private Tensor? Optional(string input) => file.Contains($"{name}.in.{input}") ? In(input) : null;

    private Tensor In(string input)
    {
        if (Leaves.TryGetValue(input, out Tensor? known))
            return known;
        string key = $"{name}.in.{input}";
        Tensor tensor = Tensor.From(file.Floats(key), TensorShape.Create(file.Shape(key)), backend);
        tensor.RequiresGradient = true;
        return Leaves[input] = tensor;
    }

    private int Int(string attribute) => attributes.GetProperty(attribute).GetInt32();

    private int[] Ints(string attribute) => [.. attributes.GetProperty(attribute).EnumerateArray().Select(e => e.GetInt32())];
}
