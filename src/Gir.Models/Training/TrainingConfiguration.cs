using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gir.Imaging;
using Gir.Imaging.Text;
using Gir.Models.Zoo;

namespace Gir.Models.Training;

/// <summary>Everything that decides a training's bits except the initial weights, by name: what must be equal for a checkpoint to be continued.</summary>
internal sealed class TrainingConfiguration
{
    private readonly SortedDictionary<string, string> _values;

    private TrainingConfiguration(SortedDictionary<string, string> values) => _values = values;

    public static TrainingConfiguration Of(RestorationNetwork network, PatchPairSource source, TrainerOptions options, ITrainingObjective objective) => new(new(StringComparer.Ordinal)
    {
        ["architecture"] = network.Architecture,
        ["hyper-parameters"] = network.HyperParameters.ToJson(),
        ["parameters"] = Text(network.Module.ParameterCount()),
        ["objective"] = objective.Description,
        ["iterations"] = Text(options.Iterations),
        ["optimizer"] = ChoiceWords<TrainingOptimizer>.WordOf(options.Optimizer),
        ["learning rate"] = Text(options.LearningRate),
        ["minimum learning rate"] = Text(options.MinimumLearningRate),
        ["beta1"] = Text(options.Beta1),
        ["beta2"] = Text(options.Beta2),
        ["weight decay"] = Text(options.WeightDecay),
        ["EMA decay"] = Text(options.EmaDecay),
        ["gradient clip"] = Text(options.GradientClip),
        ["patch size"] = ByStage(source.Options, s => s.PatchSize),
        ["batch size"] = ByStage(source.Options, s => s.BatchSize),
        ["augmentation"] = source.Options.Augment ? "yes" : "no",
        ["thumbnails"] = Text(source.Options.Thumbnail),
        ["whole pictures"] = Text(source.Tasks.Count(t => t.PictureTransform is not null)),
        ["augmented pictures"] = Text(source.Tasks.Count(t => t.PictureAugmentation is not null)),
        ["windows of pictures"] = string.Join(", ", source.Tasks.Select(t => Text(t.PictureWindows)).Distinct()),
        ["turned windows"] = string.Join(", ", source.Tasks.Select(t => Text(t.TurnedWindows)).Distinct()),
        ["trained parts"] = options.TrainedParts.Count == 0 ? "all" : string.Join(", ", options.TrainedParts),
        ["contrast"] = source.Options.Contrast ? "yes" : "no",
        ["seed"] = Text(source.Options.Seed),
        ["tasks"] = $"{source.Tasks.Count} tasks, {source.Tasks.Sum(t => t.Images.Count)} images (digest {Digest(source.Tasks)})",
    });

    /// <exception cref="FormatException">The text is no JSON object of texts.</exception>
    public static TrainingConfiguration Parse(string json)
    {
        var source = new StrictJsonSource("", "a training's configuration", (message, inner) => new FormatException(message, inner));
        return StrictJson.Read(json, source, root =>
        {
            var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
            foreach ((string name, StrictJson value) in root.Properties())
                values[name] = value.Text();
            return new TrainingConfiguration(values);
        });
    }

    public string ToJson() =>
        "{" + string.Join(", ", _values.Select(v => $"\"{JsonEncodedText.Encode(v.Key)}\": \"{JsonEncodedText.Encode(v.Value)}\"")) + "}";

    /// <summary>Where a checkpoint's configuration differs from this one; what only the checkpoint names decides nothing here.</summary>
    public IReadOnlyList<string> DifferencesFrom(TrainingConfiguration found) =>
    [
        .. _values.Keys
            .Where(name => Value(name) != found.Value(name))
            .Select(name => $"{name}: found {found.Value(name)}, expected {Value(name)}"),
    ];

    private string Value(string name) => _values.TryGetValue(name, out string? value) ? value : "nothing";

    private static string ByStage(PatchPairOptions options, Func<PatchStage, int> value) =>
        string.Join(", ", options.AllStages.Select(s => s.Until == long.MaxValue ? Text(value(s)) : $"{Text(value(s))} until {Text(s.Until)}"));

    private static string Text(IFormattable? value) => value?.ToString(null, CultureInfo.InvariantCulture) ?? "none";

    // Names, weights, sizes, and two rows of each image: enough to notice another folder of the same names, and quick for a thousand photographs.
    private static string Digest(IReadOnlyList<TrainingTask> tasks)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (TrainingTask task in tasks)
        {
            Append(hash, $"{task.Name}\n{Text(task.Weight)}\n{task.Images.Count}\n");
            foreach (TrainingImage image in task.Images)
            {
                Append(hash, image.Name + "\n");
                Append(hash, image.Clean);
                if (image.Prepared is { } prepared)
                    Append(hash, prepared);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }

    private static void Append(IncrementalHash hash, string text) => hash.AppendData(Encoding.UTF8.GetBytes(text));

    private static void Append(IncrementalHash hash, ImageBuffer image)
    {
        Append(hash, image.ToString());
        foreach (int row in (ReadOnlySpan<int>)[image.Height / 4, image.Height * 3 / 4])
        {
            Span<float> samples = image.Row(0, row);
            if (BitConverter.IsLittleEndian)
            {
                hash.AppendData(MemoryMarshal.AsBytes(samples));
                continue;
            }

            var bytes = new byte[samples.Length * sizeof(float)];
            for (int i = 0; i < samples.Length; i++)
                BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), samples[i]);
            hash.AppendData(bytes);
        }
    }
}
