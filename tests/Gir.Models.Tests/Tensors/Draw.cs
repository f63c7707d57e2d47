using Gir.Imaging.Random;
using Gir.Models.Tensors;

namespace Gir.Models.Tests.Tensors;

/// <summary>Draws the sizes, options and values of an operator's case from a Philox stream: the same seed, the same case.</summary>
internal sealed class Draw(ulong seed, bool large)
{
    private readonly PhiloxRandom _random = new(seed);

    /// <summary>The inputs that want gradients, in the order they were asked for.</summary>
    public List<(float[] Values, TensorShape Shape)> Leaves { get; } = [];

    /// <summary>A size; in large cases big enough that engines split the work.</summary>
    public int Size(int minimum, int maximum) => large ? (3 * maximum) + _random.NextInteger(0, 2) : Integer(minimum, maximum);

    public int Integer(int minimum, int maximum) => _random.NextInteger(minimum, maximum);

    public bool Coin() => _random.NextBoolean();

    public T OneOf<T>(params T[] choices) => choices[Integer(0, choices.Length - 1)];

    /// <summary>A shape of any rank in the bounds, now and then with sizes of 1.</summary>
    public TensorShape Shape(int minimumRank, int maximumRank)
    {
        int rank = large ? Math.Max(minimumRank, Math.Min(maximumRank, 4)) : Integer(minimumRank, maximumRank);
        int[] sizes = [.. Enumerable.Range(0, rank).Select(_ => Integer(0, 4) == 0 ? 1 : Size(1, rank > 4 ? 3 : 4))];
        if (large && rank > 0)
            sizes[^1] = 97;
        return TensorShape.Create(sizes);
    }

    /// <summary>Images [n, c, h, w].</summary>
    public TensorShape Images(int minimumSide = 1, int channelFactor = 1) =>
        [Integer(1, 2), channelFactor * Integer(1, 3), Size(minimumSide, 9), Size(minimumSide, 11)];

    /// <summary>A shape that broadcasts with another: some sizes are 1, some leading ones are left out.</summary>
    public TensorShape BroadcastOf(TensorShape shape)
    {
        int skip = Integer(0, shape.Rank);
        return TensorShape.Create([.. shape.Sizes[skip..].ToArray().Select(s => Integer(0, 2) == 0 ? 1 : s)]);
    }

    /// <summary>A dimension, counted from the front or from the back.</summary>
    public int Dimension(int rank) => Integer(-rank, rank - 1);

    /// <summary>Some dimensions, at least one.</summary>
    public int[] Dimensions(int rank)
    {
        int[] chosen = [.. Enumerable.Range(0, rank).Where(_ => Coin())];
        if (chosen.Length == 0)
            chosen = [Integer(0, rank - 1)];
        return [.. chosen.Select(d => Coin() ? d : d - rank)];
    }

    public int[] Order(int rank)
    {
        int[] order = [.. Enumerable.Range(0, rank)];
        for (int i = rank - 1; i > 0; i--)
        {
            int j = Integer(0, i);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return [.. order.Select(d => Coin() ? d : d - rank)];
    }

    /// <summary>An input of values in -1.1..1.1 and away from 0, where many functions have a kink.</summary>
    public int Leaf(TensorShape shape) => Leaf(shape, () => (Coin() ? 1 : -1) * _random.NextUniform(0.1, 1.1));

    /// <summary>An input of values in a range.</summary>
    public int Leaf(TensorShape shape, double minimum, double maximum) => Leaf(shape, () => _random.NextUniform(minimum, maximum));

    public float[] Values(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)_random.NextUniform(-1, 1))];

    private int Leaf(TensorShape shape, Func<double> value)
    {
        Leaves.Add(([.. Enumerable.Range(0, shape.Length).Select(_ => (float)value())], shape));
        return Leaves.Count - 1;
    }
}
