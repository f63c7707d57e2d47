using System.Globalization;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.DnCnn;

/// <summary>What the tensors of KAIR's chains ("model.0", "model.2", ..: DnCNN, IRCNN, FDnCNN, FFDNet) say.</summary>
internal sealed record KairChain(int InputChannels, int OutputChannels, int Features, int Layers, bool BatchNormalization)
{
    /// <summary>Reads the chain.</summary>
    /// <exception cref="ArgumentException">The tensors are something else.</exception>
    public static KairChain Of(IReadOnlyDictionary<string, TensorShape> keys) =>
        Read(keys) ?? throw new ArgumentException("The keys are not those of a chain of convolutions.", nameof(keys));

    /// <summary>Reads the chain; null where the tensors are something else.</summary>
    public static KairChain? Read(IReadOnlyDictionary<string, TensorShape> keys)
    {
        var convolutions = new SortedDictionary<int, TensorShape>();
        bool normalized = false;
        foreach ((string key, TensorShape shape) in keys)
        {
            string[] parts = key.Split('.');
            if (parts.Length != 3 || parts[0] != "model" || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int index))
                return null;
            normalized |= parts[2] == "running_var";
            if (parts[2] == "weight" && shape.Rank == 4)
                convolutions[index] = shape;
        }

        if (convolutions.Count < 2)
            return null;
        TensorShape[] shapes = [.. convolutions.Values];
        int features = shapes[0][0];
        int index0 = 0;
        for (int i = 0; i < shapes.Length; i++)
        {
            bool isInner = i > 0 && i < shapes.Length - 1;
            bool fits = shapes[i][2] == 3 && shapes[i][3] == 3
                && (i == 0 || shapes[i][1] == features) && (i == shapes.Length - 1 || shapes[i][0] == features)
                && convolutions.ContainsKey(index0);
            if (!fits)
                return null;
            index0 += isInner && normalized ? 3 : 2;
        }

        int expected = (2 * shapes.Length) + (normalized ? 5 * (shapes.Length - 2) : 0);
        return keys.Count == expected ? new KairChain(shapes[0][1], shapes[^1][0], features, shapes.Length, normalized) : null;
    }
}
