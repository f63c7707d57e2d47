using System.Globalization;
using Gir.Imaging.Text;
using Gir.Models.Generative.Diffusion;
using Gir.Models.Generative.Training;
using Gir.Models.Generative.UgpNet;
using Gir.Models.Serialization;
using Gir.Models.Zoo;

namespace Gir.Models.Restoration;

/// <summary>The generative restorers by name, for <see cref="Restorers"/>: what their trainings leave in a folder.</summary>
internal static class GenerativeRestorers
{
    private const string LatentDiffusion = "latent-diffusion", UgpNet = "ugpnet";

    private static readonly Dictionary<string, string[]> s_keys = new()
    {
        [LatentDiffusion] = ["folder", "initial", "steps", "sampler", "eta", "seed", "start", "timestep", "strength", "color", "tile", "compact", "offload"],
        [UgpNet] = ["folder"],
    };

    // A training is done when its last stage has left its weights, which hold all networks that restore.
    private static readonly Dictionary<string, string> s_lastStages = new() { [LatentDiffusion] = "control", [UgpNet] = "fusion" };

    /// <summary>The names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. s_keys.Keys];

    /// <summary>Loads one, e.g. "latent-diffusion(folder=cldm, steps=10)", which is then its name.</summary>
    /// <exception cref="ArgumentException">A setting is unknown, missing, malformed or out of range.</exception>
    /// <exception cref="FileNotFoundException">The folder lacks what a finished training leaves.</exception>
    /// <exception cref="CheckpointFormatException">A file there is damaged or holds something else.</exception>
    public static IRestorer Load(string expression)
    {
        CallText call = CallText.Parse(expression, message => new ArgumentException(message, nameof(expression)));
        string[] keys = s_keys[call.Name];
        if (call.Settings.FirstOrDefault(s => !keys.Contains(s.Key)) is { Key: { } unknown })
            throw new ArgumentException($"'{expression}': {call.Name} has no setting '{unknown}'; expected {string.Join(", ", keys)}.", nameof(expression));
        var settings = new Settings(expression, call.Settings.ToDictionary());
        string folder = settings.Text("folder")
            ?? throw new ArgumentException($"'{expression}': expected the folder of its training, e.g. {call.Name}(folder=trained).", nameof(expression));
        return Load(call.Name, settings, folder);
    }

    /// <summary>Which of them a folder holds, all of its stages trained; null: none.</summary>
    public static string? NameOf(string folder) => s_lastStages.FirstOrDefault(s => File.Exists(StageSeries.WeightsPath(folder, s.Value))).Key;

    /// <summary>Loads one with its default settings.</summary>
    /// <inheritdoc cref="Load(string)"/>
    public static IRestorer Load(string name, string folder) => Load(name, new Settings($"{name}(folder={folder})", []), folder);

    private static IRestorer Load(string name, Settings settings, string folder) =>
        name == UgpNet ? new UgpNetRestorer(UgpNetFile.Load([WeightsOf(UgpNet, folder)]), settings.Expression) : LoadLatentDiffusion(settings, folder);

    private static string WeightsOf(string name, string folder)
    {
        string path = StageSeries.WeightsPath(folder, s_lastStages[name]);
        return File.Exists(path) ? path : throw new FileNotFoundException($"'{folder}' holds no finished training of {name}: there is no '{path}'.", path);
    }

    private static LatentDiffusionRestorer LoadLatentDiffusion(Settings settings, string folder)
    {
        var defaults = new LatentDiffusionOptions();
        var options = new LatentDiffusionOptions
        {
            Steps = settings.Whole("steps") ?? defaults.Steps,
            Sampler = settings.Choice<DiffusionSampler>("sampler") ?? defaults.Sampler,
            Eta = settings.Number("eta") ?? defaults.Eta,
            Seed = settings.Seed("seed") ?? defaults.Seed,
            StartTimestep = settings.Whole("timestep"),
            Start = settings.Choice<DiffusionStart>("start") ?? (settings.Text("timestep") is null ? defaults.Start : DiffusionStart.Condition),
            ControlStrength = settings.Number("strength") ?? defaults.ControlStrength,
            ColorFix = settings.Choice<ColorFix>("color") ?? defaults.ColorFix,
            TileSize = settings.Whole("tile"),
        };
        (bool? compact, bool offload) = (settings.Truth("compact"), settings.Truth("offload") ?? false);
        string networks = WeightsOf(LatentDiffusion, folder);
        // A training without a stage for it conditions on the degraded image itself.
        string own = StageSeries.WeightsPath(folder, "initial");
        IRestorer? initial = settings.Text("initial") switch
        {
            "none" => null,
            { } other => Restorers.Create(other),
            null => File.Exists(own) ? ModelZoo.Load(own) : null,
        };
        return LatentDiffusionRestorer.Load([networks], initial, options, compactWeights: compact, offload: offload).Named(settings.Expression);
    }

    private sealed class Settings(string expression, Dictionary<string, string> values)
    {
        public string Expression => expression;

        public string? Text(string key) => values.GetValueOrDefault(key);

        public int? Whole(string key) => Parse(key, "a whole number", t => int.TryParse(t, NumberStyles.Integer, CultureInfo.InvariantCulture, out int v) ? v : (int?)null);

        public ulong? Seed(string key) => Parse(key, "a whole number from 0 on", t => ulong.TryParse(t, NumberStyles.None, CultureInfo.InvariantCulture, out ulong v) ? v : (ulong?)null);

        public double? Number(string key) => Parse(key, "a number", t => double.TryParse(t, NumberStyles.Float, CultureInfo.InvariantCulture, out double v) ? v : (double?)null);

        public bool? Truth(string key) => Parse(key, "true or false", t => bool.TryParse(t, out bool v) ? v : (bool?)null);

        public TEnum? Choice<TEnum>(string key)
            where TEnum : struct, Enum =>
            Parse(key, $"one of {string.Join(", ", ChoiceWords<TEnum>.Words)}", t => ChoiceWords<TEnum>.Words.Contains(t) ? ChoiceWords<TEnum>.Parse(t) : (TEnum?)null);

        private T? Parse<T>(string key, string expected, Func<string, T?> parse)
            where T : struct =>
            Text(key) is not { } text ? null : parse(text) ?? throw new ArgumentException($"'{expression}': {key} = {text}: expected {expected}.", nameof(expression));
    }
}
