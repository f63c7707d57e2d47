using Gir.Models.Backbones;
using Gir.Models.Backbones.StyleGan2;
using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Generative.UgpNet;

/// <summary>The part that synthesizes detail: a generator driven by an encoder of the regressed image (generator, fencoder, wmodule).</summary>
internal sealed class SynthesisModule : Module
{
    private readonly SynthesisEncoder _encoder;
    private readonly LatentModule _latents;

    /// <exception cref="ArgumentException">An option is out of range or contradicts another.</exception>
    public SynthesisModule(UgpNetOptions options)
    {
        options.Validate();
        var layers = new LayerFactory(options.Seed);
        Generator = Child("generator", new StyleGan2Generator(options.Generator));
        _encoder = Child("fencoder", new SynthesisEncoder(options.Generator.Size, options.EncoderChannels, layers));
        _latents = Child("wmodule", new LatentModule(_encoder.LatentChannels, options.Generator.StyleFeatures, options.Generator.Latents, options.SharedLatents, layers));
    }

    /// <summary>The generator.</summary>
    public StyleGan2Generator Generator { get; }

    /// <summary>The base code and the latents of images.</summary>
    public (Tensor Code, Tensor Latents) Encode(Tensor x)
    {
        (Tensor code, Tensor feature) = _encoder.Encode(x);
        return (code, _latents.Call(feature));
    }

    /// <summary>Synthesized images in about 0..1, and the generator's last map, of regressed images.</summary>
    public (Tensor Image, Tensor Feature) Synthesize(Tensor x)
    {
        (Tensor code, Tensor latents) = Encode(x);
        (Tensor image, Tensor feature) = Generator.FromBaseCode(code, latents);
        return ((image + 1) * 0.5f, feature);
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x) => Synthesize(x).Image;
}
