using Gir.Imaging.Random;
using Gir.Metrics.Quality;
using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Evaluation.Quality;

/// <summary>The network of a <see cref="QualityModel"/>: standardized features [n, f] to logits [n, scores x levels], two hidden layers with GELU.</summary>
internal sealed class QualityHead : Module
{
    private readonly Linear[] _layers;

    public QualityHead(int features, IReadOnlyList<int> hidden, ulong seed)
    {
        int[] widths = [features, .. hidden, QualityScores.Count * QualityModel.Levels];
        _layers = new Linear[widths.Length - 1];
        for (int i = 0; i < _layers.Length; i++)
            _layers[i] = Child($"layer{i}", new Linear(widths[i], widths[i + 1], seed: Philox4x32.DeriveSeed(seed, (ulong)i)));
    }

    /// <summary>Weights, output by output, and biases of each layer, out of a state.</summary>
    public IReadOnlyList<(float[] Weights, float[] Biases)> Layers(IReadOnlyDictionary<string, Tensor> state) =>
        [.. _layers.Select((_, i) => (state[$"layer{i}.weight"].ToArray(), state[$"layer{i}.bias"].ToArray()))];

    protected override Tensor Forward(Tensor x)
    {
        for (int i = 0; i < _layers.Length; i++)
            x = i < _layers.Length - 1 ? _layers[i].Call(x).Gelu() : _layers[i].Call(x);
        return x;
    }
}
