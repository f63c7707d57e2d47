using Gir.Models.Backbones;
using Gir.Models.Nn;
using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Generative.UgpNet;

/// <summary>
/// Regression for structure, a generative prior for detail, and their fusion (Lee, Kang, Lee, Baek, Cho: "UGPNet: Universal Generative Prior for Image
/// Restoration", WACV 2024): resmodule, synmodule, fusmodule. [n, 3, h, w] in 0..1; output sizes are the generator's. Nothing is clamped.
/// </summary>
internal sealed class UgpNetwork : Module
{
    /// <summary>Creates the network.</summary>
    /// <param name="regression">The network that regresses, any of the zoo for RGB images.</param>
    /// <param name="options">The rest.</param>
    /// <exception cref="ArgumentException">An option is out of range, or the regression network does not fit.</exception>
    public UgpNetwork(RestorationNetwork regression, UgpNetOptions options)
    {
        ArgumentNullException.ThrowIfNull(regression);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Options = options;
        Regression = Child("resmodule", RegressionModule.Of(regression, options.FeatureChannels, options.Seed));
        Synthesis = Child("synmodule", new SynthesisModule(options));
        Fusion = Child("fusmodule", new FusionModule(options.Generator.Channels[^1], Regression.FeatureChannels, options.FusionBlocks, new LayerFactory(options.Seed + 1)));
    }

    /// <summary>The configuration.</summary>
    public UgpNetOptions Options { get; }

    /// <summary>Restores structure.</summary>
    public RegressionModule Regression { get; }

    /// <summary>Synthesizes detail.</summary>
    public SynthesisModule Synthesis { get; }

    /// <summary>Joins both.</summary>
    public FusionModule Fusion { get; }

    /// <summary>What the three parts make of degraded images.</summary>
    public (Tensor Regressed, Tensor Synthesized, Tensor Fused) Parts(Tensor x)
    {
        (Tensor regressed, Tensor structure) = Regression.Regress(x);
        int size = Options.Generator.Size;
        if (regressed.Shape[2] != size || regressed.Shape[3] != size)
            throw new TensorShapeException("ugpnet", $"{x.Shape}", $"[n, 3, {size / Regression.Scale}, {size / Regression.Scale}]: the generator knows one size");
        (Tensor synthesized, Tensor detail) = Synthesis.Synthesize(regressed);
        return (regressed, synthesized, Fusion.Fuse(detail, structure));
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x) => Parts(x).Fused;
}
