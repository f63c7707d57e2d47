using Gir.Models.Serialization;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.StyleGan2;

/// <summary>StyleGAN2's checkpoints in two dialects: BasicSR's keys, which the networks have, and those of rosinality's port.</summary>
internal static class StyleGan2Keys
{
    /// <summary>Whether the tensors are a generator's or discriminator's under rosinality's keys.</summary>
    public static bool IsRosinality(IEnumerable<string> keys) => keys.Any(k => k is "input.input" or "convs.0.0.weight");

    /// <summary>A network's tensors under BasicSR's keys, whichever dialect they come in; resampling kernels, which follow from the taps 1, 3, 3, 1, are checked and dropped.</summary>
    /// <param name="tensors">Tensors by key.</param>
    /// <exception cref="ArgumentException">A resampling kernel has other taps.</exception>
    public static IReadOnlyDictionary<string, CheckpointTensor> Translate(IReadOnlyDictionary<string, CheckpointTensor> tensors)
    {
        if (!IsRosinality(tensors.Keys))
            return tensors;
        var translated = new Dictionary<string, CheckpointTensor>(StringComparer.Ordinal);
        foreach ((string key, CheckpointTensor tensor) in tensors)
        {
            if (key.EndsWith(".kernel", StringComparison.Ordinal))
                CheckKernel(key, tensor);
            else
                translated[Translate(key)] = tensor;
        }

        return translated;
    }

    private static string Translate(string key)
    {
        if (key.StartsWith("convs.", StringComparison.Ordinal) && !key.Contains(".conv.", StringComparison.Ordinal) && !key.Contains(".noise.", StringComparison.Ordinal) && !key.Contains(".activate.", StringComparison.Ordinal))
            return "conv_body." + key["convs.".Length..];
        if (key.StartsWith("final_", StringComparison.Ordinal))
            return key;
        key = Renamed(key, "style.", "style_mlp.");
        key = Renamed(key, "input.input", "constant_input.weight");
        key = Renamed(key, "conv1.", "style_conv1.");
        key = Renamed(key, "convs.", "style_convs.");
        key = Renamed(key, "noises.noise_", "noises.noise");
        return key.Replace(".conv.", ".modulated_conv.", StringComparison.Ordinal).Replace(".noise.weight", ".weight", StringComparison.Ordinal);
    }

    private static string Renamed(string key, string from, string to) => key.StartsWith(from, StringComparison.Ordinal) ? to + key[from.Length..] : key;

    // 1, 3, 3, 1 in both directions, times 4 where a layer enlarges.
    private static void CheckKernel(string key, CheckpointTensor tensor)
    {
        float[] values = tensor.ToArray();
        float gain = values.Sum();
        float[] taps = [1 / 8f, 3 / 8f, 3 / 8f, 1 / 8f];
        bool fits = tensor.Shape.Is(4, 4) && (MathF.Abs(gain - 1) < 1e-5f || MathF.Abs(gain - 4) < 1e-5f)
            && Enumerable.Range(0, 16).All(i => MathF.Abs(values[i] - (gain * taps[i / 4] * taps[i % 4])) < 1e-5f);
        if (!fits)
            throw new ArgumentException($"The resampling kernel '{key}' is {tensor.Shape} with the sum {gain}; expected taps 1, 3, 3, 1 in both directions.", nameof(tensor));
    }
}
