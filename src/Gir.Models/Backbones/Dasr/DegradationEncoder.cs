using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.Dasr;

/// <summary>
/// The degradation encoder (Wang et al. 2021, section 3.1): six convolutions with batch normalization, global pooling to the degradation code, and
/// a perceptron to the space in which codes are contrasted.
/// </summary>
internal sealed class DegradationEncoder : Module
{
    private readonly Sequential _features;
    private readonly Sequential _projection;
    private readonly List<BatchNorm2d> _normalizations = [];

    public DegradationEncoder(IReadOnlyList<int> widths, LayerFactory layers)
    {
        int[] channels = [3, widths[0], widths[0], widths[1], widths[1], widths[2], widths[2]];
        var modules = new List<Module>();
        for (int i = 0; i < 6; i++)
        {
            int stride = i is 2 or 4 ? 2 : 1;
            modules.Add(layers.Strided(channels[i], channels[i + 1], 3, stride, 1));
            _normalizations.Add(new BatchNorm2d(channels[i + 1]));
            modules.Add(_normalizations[i]);
            modules.Add(new Function(x => x.LeakyReluInPlace(0.1f)));
        }

        _features = Child("E", new Sequential([.. modules]));
        int last = widths[2];
        _projection = Child("mlp", new Sequential(layers.Linear(last, last), new Function(x => x.LeakyReluInPlace(0.1f)), layers.Linear(last, last)));
    }

    public bool IsTraining
    {
        get => _normalizations[0].IsTraining;
        set => _normalizations.ForEach(n => n.IsTraining = value);
    }

    /// <summary>[n, d] to the contrast's space [n, d].</summary>
    public Tensor Project(Tensor code) => _projection.Call(code);

    /// <summary>[n, 3, h, w] to degradation codes [n, d].</summary>
    protected override Tensor Forward(Tensor x)
    {
        Tensor pooled = _features.Call(x).GlobalAveragePool2d();
        return pooled.Reshape(pooled.Shape[0], pooled.Shape[1]);
    }
}
