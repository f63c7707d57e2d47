using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Gir.Benchmarks.Peers;

/// <summary>The cases of <see cref="EngineComparison"/> as a program with TorchSharp would write them.</summary>
internal sealed class TorchOperators(Device device)
{
    /// <summary>The work of a case; null where there is none.</summary>
    public Action? Find(string name)
    {
        Action? work = name switch
        {
            "conv3x3 64->64 256" => Convolution(64, 64, 256, 3),
            "conv3x3 3->64 256" => Convolution(3, 64, 256, 3),
            "conv3x3 64->3 256" => Convolution(64, 3, 256, 3),
            "conv5x5 64->32 256" => Convolution(64, 32, 256, 5),
            "conv9x9 3->64 256" => Convolution(3, 64, 256, 9),
            "conv1x1 192->192 128" => Convolution(192, 192, 128, 1),
            "depthwise3x3 192 128" => Convolution(192, 192, 128, 3, 192),
            "gemm 512" => Product(512),
            "gemm 1024" => Product(1024),
            "linear 16384x180->540" => Linear(540),
            "linear 16384x180->180" => Linear(180),
            "linear 16384x180->360" => Linear(360),
            "linear gradients 16384x180->360" => LinearGradients(360),
            "attention 1536x64x30" => Attention(),
            "softmax 1536x64x64" => Over(x => F.softmax(x, -1), 1536, 64, 64),
            "layer norm 16384x180" => LayerNorm(),
            "channel norm 64x256x256" => ChannelNorm(),
            "gelu 16384x360" => Over(x => F.gelu(x), 16384, 360),
            "relu 64x256x256" => Over(x => x.relu(), 1, 64, 256, 256),
            "add 64x256x256" => Over(x => x + x, 1, 64, 256, 256),
            "permute 64x256x256" => Over(x => x.permute(0, 2, 3, 1).contiguous(), 1, 64, 256, 256),
            "upfirdn2d up 2 8x64x64x64" => UpFirDn(2, [0.25f, 0.75f, 0.75f, 0.25f], 2, 1),
            "upfirdn2d 8x64x64x64" => UpFirDn(1, [0.125f, 0.375f, 0.375f, 0.125f], 2, 2),
            "minibatch deviation 8x64x64x64" => MinibatchDeviation(),
            "modulated conv3x3 8x64x64x64" => Modulated(),
            "gradient penalty conv3x3 8x64x64x64" => GradientPenalty(),
            "train srcnn 8x3x64x64" => Training(Srcnn()),
            "train srresnet 8x3x64x64" => Training(new SrResNet()),
            _ => null,
        };
        return work is null ? null : () => Quiet(work, trains: name.StartsWith("train", StringComparison.Ordinal) || name.StartsWith("gradient", StringComparison.Ordinal));
    }

    private void Quiet(Action work, bool trains)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable? quiet = trains ? null : no_grad();
        work();
        if (device.type == DeviceType.CUDA)
            cuda.synchronize();
    }

    private Tensor Random(params long[] sizes) => randn(sizes, device: device);

    private Action Convolution(long inputs, long outputs, long size, long kernel, long groups = 1)
    {
        (Tensor x, Tensor weight, Tensor bias) = (Random(1, inputs, size, size), Random(outputs, inputs / groups, kernel, kernel), Random(outputs));
        return () => F.conv2d(x, weight, bias, padding: [kernel / 2, kernel / 2], groups: groups);
    }

    private Action Product(long size)
    {
        (Tensor a, Tensor b) = (Random(size, size), Random(size, size));
        return () => a.matmul(b);
    }

    private Action Linear(long outputs)
    {
        (Tensor x, Tensor weight, Tensor bias) = (Random(16384, 180), Random(outputs, 180), Random(outputs));
        return () => F.linear(x, weight, bias);
    }

    private Action LinearGradients(long outputs)
    {
        (Tensor dy, Tensor x, Tensor weight) = (Random(16384, outputs), Random(16384, 180), Random(outputs, 180));
        return () =>
        {
            dy.matmul(weight);
            dy.t().matmul(x);
        };
    }

    private Action Attention()
    {
        (Tensor q, Tensor k, Tensor v, Tensor bias) = (Random(256, 6, 64, 30), Random(256, 6, 64, 30), Random(256, 6, 64, 30), Random(1, 6, 64, 64));
        return () => F.scaled_dot_product_attention(q, k, v, attn_mask: bias);
    }

    private Action LayerNorm()
    {
        (Tensor x, Tensor weight, Tensor bias) = (Random(16384, 180), Random(180), Random(180));
        return () => F.layer_norm(x, [180], weight, bias);
    }

    // NAFNet's LayerNorm2d, as its authors compose it.
    private Action ChannelNorm()
    {
        (Tensor x, Tensor weight, Tensor bias) = (Random(1, 64, 256, 256), Random(1, 64, 1, 1), Random(1, 64, 1, 1));
        return () =>
        {
            Tensor centered = x - x.mean([1], keepdim: true);
            Tensor variance = centered.square().mean([1], keepdim: true);
            _ = (centered / (variance + 1e-6).sqrt() * weight) + bias;
        };
    }

    // StyleGAN2's operators as the authors' code without kernels of its own computes them.
    private Action UpFirDn(long up, float[] taps, long before, long after)
    {
        Tensor x = Random(8, 64, 64, 64);
        Tensor line = tensor(taps, device: device);
        Tensor kernel = line.unsqueeze(1).mul(line.unsqueeze(0)).flip(0, 1).unsqueeze(0).unsqueeze(0);
        return () =>
        {
            Tensor y = F.pad(x.reshape(-1, 1, 64, 1, 64, 1), [0, up - 1, 0, 0, 0, up - 1]).reshape(-1, 1, 64 * up, 64 * up);
            F.conv2d(F.pad(y, [before, after, before, after]), kernel);
        };
    }

    private Action MinibatchDeviation()
    {
        Tensor x = Random(8, 64, 64, 64);
        return () =>
        {
            Tensor deviation = x.view(4, 2, 64, 64, 64).var([0], unbiased: false).add(1e-8).sqrt().mean([1, 2, 3]);
            cat([x, deviation.repeat(4).view(8, 1, 1, 1).expand(8, 1, 64, 64)], 1);
        };
    }

    private Action Modulated()
    {
        (Tensor x, Tensor weight, Tensor style) = (Random(8, 64, 64, 64), Random(1, 64, 64, 3, 3), Random(8, 64));
        return () =>
        {
            Tensor w = weight / 24 * style.view(8, 1, 64, 1, 1);
            w = w * w.square().sum([2, 3, 4]).add(1e-8).rsqrt().view(8, 64, 1, 1, 1);
            F.conv2d(x.view(1, 512, 64, 64), w.view(512, 64, 3, 3), padding: [1, 1], groups: 8).view(8, 64, 64, 64);
        };
    }

    private Action GradientPenalty()
    {
        (Tensor x, Tensor weight) = (Random(8, 64, 64, 64).requires_grad_(true), Random(64, 64, 3, 3).requires_grad_(true));
        return () =>
        {
            (x.grad, weight.grad) = (null, null);
            Tensor y = F.leaky_relu(F.conv2d(x, weight, padding: [1, 1]), 0.2).mul(Math.Sqrt(2)).square().sum();
            autograd.grad([y], [x], retain_graph: true, create_graph: true)[0].square().sum().backward();
        };
    }

    private Action Over(Func<Tensor, Tensor> function, params long[] sizes)
    {
        Tensor x = Random(sizes);
        return () => function(x);
    }

    private Action Training(nn.Module<Tensor, Tensor> model)
    {
        model.to(device);
        optim.Optimizer optimizer = optim.Adam(model.parameters(), 2e-4);
        (Tensor x, Tensor target) = (Random(8, 3, 64, 64), Random(8, 3, 64, 64));
        return () =>
        {
            optimizer.zero_grad();
            F.l1_loss(model.call(x), target).backward();
            optimizer.step();
        };
    }

    private static nn.Module<Tensor, Tensor> Srcnn() => nn.Sequential(
        nn.Conv2d(3, 64, 9, padding: 4), nn.ReLU(), nn.Conv2d(64, 32, 5, padding: 2), nn.ReLU(), nn.Conv2d(32, 3, 5, padding: 2));

    private sealed class Residual : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> _first = nn.Conv2d(64, 64, 3, padding: 1);
        private readonly nn.Module<Tensor, Tensor> _second = nn.Conv2d(64, 64, 3, padding: 1);

        public Residual()
            : base("residual") => RegisterComponents();

        public override Tensor forward(Tensor input) => input + _second.call(_first.call(input).relu());
    }

    private sealed class SrResNet : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> _body = nn.Sequential(
            [nn.Conv2d(3, 64, 3, padding: 1), nn.ReLU(), .. Enumerable.Range(0, 16).Select(_ => new Residual()), nn.Conv2d(64, 3, 3, padding: 1)]);

        public SrResNet()
            : base("srresnet") => RegisterComponents();

        public override Tensor forward(Tensor input) => _body.call(input);
    }
}
