using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.HiNet;

/// <summary>
/// Two U-Nets, one after the other, with instance normalization of half of the channels (Chen, Lu, Zhang, Chu, Chen: "HINet: Half Instance
/// Normalization Network for Image Restoration", CVPRW 2021, figure 2): 88,668,806 parameters (GoPro). Sizes are multiples of 2^(depth - 1).
/// </summary>
internal sealed class HiNet : Module, ILastFeature
{
    private readonly Stage _first;
    private readonly Stage _second;
    private readonly Conv2d _attentionFeatures;
    private readonly Conv2d _attentionImage;
    private readonly Conv2d _attentionMask;
    private readonly Conv2d _merge;
    private readonly Conv2d _last;
    private readonly bool _sharesStart;

    /// <summary>Creates the network.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public HiNet(HiNetOptions? options = null)
    {
        options ??= new();
        options.Validate();
        var layers = new LayerFactory(options.Seed);
        int width = options.Width;
        (_sharesStart, FeatureChannels) = (options.SharesStart, width);
        _first = new Stage(1, options, layers, Register);
        _second = new Stage(2, options, layers, Register);
        _attentionFeatures = Child("sam12.conv1", layers.Convolution(width, width));
        _attentionImage = Child("sam12.conv2", layers.Convolution(width, 3));
        _attentionMask = Child("sam12.conv3", layers.Convolution(3, width));
        _merge = Child("cat12", layers.Convolution(2 * width, width, 1));
        _last = Child("last", layers.Convolution(width, 3));
    }

    /// <inheritdoc/>
    public int FeatureChannels { get; }

    /// <summary>The results of both stages; the second is the network's.</summary>
    public (Tensor First, Tensor Second) Stages(Tensor image)
    {
        (Tensor first, Tensor feature) = Run(image);
        return (first, ToImage(feature, image));
    }

    /// <inheritdoc/>
    public Tensor Feature(Tensor x) => Run(x).Feature;

    /// <inheritdoc/>
    public Tensor ToImage(Tensor feature, Tensor x) => _last.Call(feature) + x;

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x) => Stages(x).Second;

    private (Tensor First, Tensor Feature) Run(Tensor image)
    {
        var encoded = new List<Tensor>();
        var decoded = new List<Tensor>();
        Tensor features = _first.Run(_first.Start(image), encoded, decoded, null, null);
        Tensor firstImage = _attentionImage.Call(features) + image;
        Tensor attended = Scopes.Run(
            () => (_attentionFeatures.Call(features) * _attentionMask.Call(firstImage).Sigmoid()) + features);
        Stage starting = _sharesStart ? _first : _second;
        Tensor start = Scopes.Run(() => _merge.Call(TensorOps.Concatenate(1, starting.Start(image), attended)));
        return (firstImage, _second.Run(start, [], [], encoded, decoded));
    }

    private void Register(string name, Module module) => Child(name, module);

    /// <summary>One U-Net; its parts stand among the network's own keys.</summary>
    private sealed class Stage
    {
        private readonly Conv2d _start;
        private readonly HalfNormBlock[] _down;
        private readonly ConvTranspose2d[] _grow;
        private readonly HalfNormBlock[] _up;
        private readonly Conv2d[] _skip;

        public Stage(int number, HiNetOptions options, LayerFactory layers, Action<string, Module> register)
        {
            T Add<T>(string name, T module)
                where T : Module
            {
                register(name, module);
                return module;
            }

            int depth = options.Depth;
            int Width(int level) => options.Width << level;
            _start = Add($"conv_0{number}", layers.Convolution(options.Channels, options.Width));
            _down = [.. Enumerable.Range(0, depth).Select(i => Add($"down_path_{number}.{i}", new HalfNormBlock(
                Width(Math.Max(i - 1, 0)), Width(i), i < depth - 1, number == 2 && i < depth - 1,
                i >= options.FirstNormalizedLevel && i <= options.LastNormalizedLevel, options.Slope, layers)))];
            _grow = new ConvTranspose2d[depth - 1];
            _up = new HalfNormBlock[depth - 1];
            _skip = new Conv2d[depth - 1];
            for (int i = 0; i < depth - 1; i++)
            {
                int level = depth - 2 - i;
                _grow[i] = Add($"up_path_{number}.{i}.up", layers.Doubling(Width(level + 1), Width(level)));
                _up[i] = Add($"up_path_{number}.{i}.conv_block", new HalfNormBlock(Width(level + 1), Width(level), false, false, false, options.Slope, layers));
                _skip[i] = Add($"skip_conv_{number}.{i}", layers.Convolution(Width(level), Width(level)));
            }
        }

        public Tensor Start(Tensor image) => _start.Call(image);

        public Tensor Run(Tensor x, List<Tensor> encoded, List<Tensor> decoded, List<Tensor>? otherEncoded, List<Tensor>? otherDecoded)
        {
            for (int i = 0; i < _down.Length; i++)
            {
                HalfNormBlock block = _down[i];
                bool isLast = i == _down.Length - 1;
                x = isLast || otherEncoded is null ? block.Call(x) : block.Call(x, otherEncoded[i], otherDecoded![^(i + 1)]);
                if (isLast)
                    break;
                encoded.Add(x);
                x = block.Downsample(x);
            }

            for (int i = 0; i < _up.Length; i++)
            {
                Tensor below = x;
                int level = i;
                x = Scopes.Run(() => _up[level].Call(
                    TensorOps.Concatenate(1, _grow[level].Call(below), _skip[level].Call(encoded[^(level + 1)]))));
                decoded.Add(x);
            }

            return x;
        }
    }
}
