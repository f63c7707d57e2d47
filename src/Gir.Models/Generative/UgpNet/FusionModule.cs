using Gir.Models.Backbones;
using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Generative.UgpNet;

/// <summary>The part that joins the features of structure and detail into the image (conv, body, last): 629,507 parameters for 64 channels of the generator.</summary>
internal sealed class FusionModule : Module
{
    private readonly Conv2d _first;
    private readonly Block[] _body;
    private readonly Conv2d _last;

    /// <param name="synthesisChannels">Channels of the generator's last map.</param>
    /// <param name="channels">Channels of the regression's feature, and inside.</param>
    /// <param name="blocks">Residual blocks.</param>
    /// <param name="layers">Makes the layers.</param>
    public FusionModule(int synthesisChannels, int channels, int blocks, LayerFactory layers)
    {
        _first = Child("conv", layers.FanOut(synthesisChannels, channels));
        _body = [.. Enumerable.Range(0, blocks).Select(i => Child($"body.{i}", new Block(channels, layers)))];
        _last = Child("last", layers.FanOut(channels, 3));
    }

    /// <summary>The image of two features.</summary>
    /// <param name="synthesis">The generator's last map.</param>
    /// <param name="regression">The regression's feature, of the same size.</param>
    public Tensor Fuse(Tensor synthesis, Tensor regression) => Scopes.Run(
        (Module: this, synthesis, regression), static s => s.Module._last.Call(
            Scopes.Chain(s.Module._first.Call(s.synthesis).AddInPlace(s.regression), s.Module._body, static (block, t) => block.Call(t))));

    /// <summary>Not supported: two features are fused.</summary>
    protected override Tensor Forward(Tensor x) => throw new NotSupportedException("Two features are fused; call Fuse.");

    private sealed class Block : Module
    {
        private readonly Conv2d _first;
        private readonly Conv2d _second;

        public Block(int channels, LayerFactory layers)
        {
            _first = Child("body.0", layers.FanOut(channels, channels));
            _second = Child("body.2", layers.FanOut(channels, channels));
        }

        protected override Tensor Forward(Tensor x) => _second.Call(_first.Call(x).ReluInPlace()).AddInPlace(x).ReluInPlace();
    }
}
