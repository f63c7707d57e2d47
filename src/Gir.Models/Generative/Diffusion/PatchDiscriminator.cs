using Gir.Models.Backbones;
using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Generative.Diffusion;

/// <summary>
/// Scores patches of images (Isola, Zhu, Zhou, Efros: "Image-to-Image Translation with Conditional Adversarial Networks", CVPR 2017): main, strided convolutions of 4 x 4 with
/// batch normalization. [n, 3, h, w] to [n, 1, ..].
/// </summary>
internal sealed class PatchDiscriminator : Module
{
    private const float Slope = 0.2f;

    private readonly Module[] _steps;

    /// <param name="channels">Channels of the first layer; they double up to eight times as many.</param>
    /// <param name="layers">Strided layers.</param>
    /// <param name="seed">Seed of the initial weights.</param>
    public PatchDiscriminator(int channels = 64, int layers = 3, ulong seed = 0)
    {
        var factory = new LayerFactory(seed);
        var steps = new List<Module>();
        int inputs = 3;
        for (int i = 0; i <= layers; i++)
        {
            int outputs = channels * Math.Min(1 << i, 8);
            // The first has no normalization, the last no stride.
            bool isFirst = i == 0;
            steps.Add(factory.Strided(inputs, outputs, 4, i < layers ? 2 : 1, 1, bias: isFirst));
            if (!isFirst)
                steps.Add(new BatchNorm2d(outputs));
            steps.Add(new LeakyRelu(Slope));
            inputs = outputs;
        }

        steps.Add(factory.Strided(inputs, 1, 4, 1, 1));
        for (int i = 0; i < steps.Count; i++)
            Child($"main.{i}", steps[i]);
        _steps = [.. steps];
    }

    protected override Tensor Forward(Tensor x) => Scopes.Chain(x, _steps, static (step, t) => step.Call(t));
}
