using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.Dasr;

/// <summary>The degradation-aware main network (Wang et al. 2021, figure 3).</summary>
internal sealed class DasrGenerator : Module
{
    private readonly MeanShift? _subtract;
    private readonly MeanShift? _add;
    private readonly Conv2d _head;
    private readonly Linear _compress;
    private readonly Group[] _groups;
    private readonly Conv2d _body;
    private readonly Sequential _upsample;
    private readonly Conv2d _tail;

    public DasrGenerator(DasrOptions options, LayerFactory layers)
    {
        int features = options.Features;
        if (options.ShiftsMean)
        {
            _subtract = Child("sub_mean", new MeanShift(-1));
            _add = Child("add_mean", new MeanShift(1));
        }

        _head = Child("head.0", layers.Convolution(3, features));
        _compress = Child("compress.0", layers.Linear(options.EncoderWidths[2], features, bias: false));
        _groups = [.. Enumerable.Range(0, options.Groups).Select(i => Child($"body.{i}", new Group(options, layers)))];
        _body = Child($"body.{options.Groups}", layers.Convolution(features, features));
        _upsample = Child("tail.0", Upsampling.Create(features, options.Scale, layers));
        _tail = Child("tail.1", layers.Convolution(features, 3));
    }

    public Tensor Call(Tensor x, Tensor code) => ModuleListener.Tell(this, Scopes.Run(() =>
    {
        Tensor compressed = _compress.Call(code).LeakyReluInPlace(0.1f);
        Tensor features = _head.Call(_subtract?.Call(x) ?? x);
        Tensor deep = Scopes.Chain(features, _groups, (group, t) => group.Call(t, compressed));
        Tensor y = _tail.Call(_upsample.Call(_body.Call(deep) + features));
        return _add?.Call(y) ?? y;
    }));

    protected override Tensor Forward(Tensor x) => throw new NotSupportedException("DASR's main network needs a degradation code; call the whole network.");

    /// <summary>Adds a mean color; a 1 x 1 convolution in the checkpoint, and not learned.</summary>
    private sealed class MeanShift : Module
    {
        private readonly Tensor _weight;
        private readonly Tensor _bias;

        public MeanShift(float sign)
        {
            _weight = Parameter("weight", [3, 3, 1, 1], Initializer.Constant(0));
            _bias = Parameter("bias", [3], Initializer.Constant(0));
            _weight.RequiresGradient = _bias.RequiresGradient = false;
            _weight.Storage.Write([1, 0, 0, 0, 1, 0, 0, 0, 1]);
            _bias.Storage.Write([.. ColorMean.Values.Select(m => sign * 255 * m)]);
        }

        protected override Tensor Forward(Tensor x) => x.Conv2d(_weight, _bias);
    }

    private sealed class Group : Module
    {
        private readonly Block[] _blocks;
        private readonly Conv2d _last;

        public Group(DasrOptions options, LayerFactory layers)
        {
            _blocks = [.. Enumerable.Range(0, options.Blocks).Select(i => Child($"body.{i}", new Block(options, layers)))];
            _last = Child($"body.{options.Blocks}", layers.Convolution(options.Features, options.Features));
        }

        public Tensor Call(Tensor x, Tensor code) => ModuleListener.Tell(this, Scopes.Run(() =>
        {
            Tensor y = Scopes.Chain(x, _blocks, (block, t) => block.Call(t, code));
            return _last.Call(y).AddInPlace(x);
        }));

        protected override Tensor Forward(Tensor x) => throw new NotSupportedException();
    }

    private sealed class Block : Module
    {
        private readonly DegradationAwareConvolution _aware1;
        private readonly DegradationAwareConvolution _aware2;
        private readonly Conv2d _plain1;
        private readonly Conv2d _plain2;

        public Block(DasrOptions options, LayerFactory layers)
        {
            _aware1 = Child("da_conv1", new DegradationAwareConvolution(options, layers));
            _aware2 = Child("da_conv2", new DegradationAwareConvolution(options, layers));
            _plain1 = Child("conv1", layers.Convolution(options.Features, options.Features));
            _plain2 = Child("conv2", layers.Convolution(options.Features, options.Features));
        }

        public Tensor Call(Tensor x, Tensor code) => ModuleListener.Tell(this, Scopes.Run(() =>
        {
            Tensor y = _aware1.Call(x, code).LeakyReluInPlace(0.1f);
            y = _aware2.Call(_plain1.Call(y).LeakyReluInPlace(0.1f), code).LeakyReluInPlace(0.1f);
            return _plain2.Call(y).AddInPlace(x);
        }));

        protected override Tensor Forward(Tensor x) => throw new NotSupportedException();
    }

    /// <summary>A depthwise convolution whose kernels, and a channel attention, are functions of the degradation code (equation 3 and figure 3d).</summary>
    private sealed class DegradationAwareConvolution : Module
    {
        private readonly Sequential _kernel;
        private readonly Conv2d _mix;
        private readonly Sequential _attention;

        public DegradationAwareConvolution(DasrOptions options, LayerFactory layers)
        {
            int features = options.Features;
            _kernel = Child("kernel", new Sequential(
                layers.Linear(features, features, bias: false), new Function(x => x.LeakyReluInPlace(0.1f)), layers.Linear(features, features * 9, bias: false)));
            _mix = Child("conv", layers.Convolution(features, features, 1));
            int inner = features / options.Reduction;
            _attention = Child("ca.conv_du", new Sequential(
                layers.Convolution(features, inner, 1, bias: false), new Function(x => x.LeakyReluInPlace(0.1f)),
                layers.Convolution(inner, features, 1, bias: false), new Function(x => x.Sigmoid())));
        }

        public Tensor Call(Tensor x, Tensor code) => ModuleListener.Tell(this, Scopes.Run(() =>
        {
            (int n, int c, int h, int w) = (x.Shape[0], x.Shape[1], x.Shape[2], x.Shape[3]);
            // Every image has kernels of its own: the batch becomes part of the groups.
            Tensor kernels = _kernel.Call(code).Reshape(n * c, 1, 3, 3);
            Tensor filtered = x.Reshape(1, n * c, h, w).Conv2d(kernels, null, padding: 1, groups: n * c).LeakyReluInPlace(0.1f);
            return _mix.Call(filtered.Reshape(n, c, h, w)).AddInPlace(x * _attention.Call(code.Reshape(n, c, 1, 1)));
        }));

        protected override Tensor Forward(Tensor x) => throw new NotSupportedException();
    }
}
