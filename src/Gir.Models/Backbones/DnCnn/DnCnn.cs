using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.DnCnn;

/// <summary>
/// Convolutions and ReLU that predict the noise (Zhang, Zuo, Chen, Meng, Zhang: "Beyond a Gaussian Denoiser", TIP 2017, figure 1): 555,137
/// parameters (17 layers, gray), 668,227 (20 layers, color), batch normalization folded away. With dilations it is IRCNN, with a noise map FDnCNN.
/// </summary>
internal sealed class DnCnn : Module
{
    private readonly Sequential _model;
    private readonly bool _predictsNoise;
    private readonly List<BatchNorm2d> _normalizations = [];

    /// <summary>Creates the network.</summary>
    /// <exception cref="ArgumentException">An option is out of range, or options contradict one another.</exception>
    public DnCnn(DnCnnOptions? options = null)
    {
        options ??= new();
        options.Validate();
        _predictsNoise = options.PredictsNoise;
        var layers = new LayerFactory(options.Seed);
        var modules = new List<Module>();
        for (int i = 0; i < options.Layers; i++)
        {
            bool isFirst = i == 0;
            bool isLast = i == options.Layers - 1;
            modules.Add(layers.Convolution(
                isFirst ? options.InputChannels : options.Features, isLast ? options.OutputChannels : options.Features,
                dilation: options.Dilations?[i] ?? 1));
            if (isLast)
                break;
            if (options.BatchNormalization && !isFirst)
            {
                // KAIR's constants.
                _normalizations.Add(new BatchNorm2d(options.Features, 1e-4f, 0.9f));
                modules.Add(_normalizations[^1]);
            }

            modules.Add(new Function(x => x.ReluInPlace()));
        }

        _model = Child("model", new Sequential([.. modules]));
    }

    /// <summary>Whether batch normalization uses and remembers the batch's own statistics.</summary>
    public bool IsTraining
    {
        get => _normalizations.Any(n => n.IsTraining);
        set => _normalizations.ForEach(n => n.IsTraining = value);
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x) => _predictsNoise ? x - _model.Call(x) : _model.Call(x);
}
