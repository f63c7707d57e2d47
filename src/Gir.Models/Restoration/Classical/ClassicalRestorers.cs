using System.Globalization;
using Gir.Imaging;
using Gir.Imaging.Text;

namespace Gir.Models.Restoration;

/// <summary>The restorers without learned parameters, by name, for <see cref="Restorers"/>.</summary>
internal static class ClassicalRestorers
{
    private static readonly Entry[] Entries =
    [
        new("identity", [], (_, _) => new IdentityRestorer()),
        new("gaussian", ["sigma"], (s, p) => new GaussianRestorer(new() { Sigma = s.Number("sigma", new GaussianRestorerOptions().Sigma) }, p)),
        new("median", ["size"], (s, p) => new MedianRestorer(new() { Size = s.Integer("size", new MedianRestorerOptions().Size) }, p)),
        new("non-local-means", ["sigma", "patch", "search", "strength"], NonLocalMeans),
        new("unsharp", ["sigma", "amount"], Unsharp),
        new("richardson-lucy", ["sigma", "iterations"], RichardsonLucy),
        new("back-projection", ["factor", "iterations", "sharpening"], BackProjection),
        new("dark-channel", ["patch", "omega", "t0", "fraction", "radius", "epsilon"], DarkChannel),
        new("inpainting", ["min", "max", "sweeps"], Inpainting),
    ];

    /// <summary>The names, in the order of <see cref="All"/>.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Entries.Select(e => e.Name)];

    /// <summary>Every restorer with its defaults, on one thread.</summary>
    public static IReadOnlyList<IRestorer> All { get; } = [.. Entries.Select(e => e.Create(new Settings([]), default))];

    /// <summary>Creates a restorer from its name and settings.</summary>
    /// <param name="expression">A name, or a name with settings: "non-local-means(sigma=20, search=5)".</param>
    /// <param name="parallelism">Threads; results do not depend on them.</param>
    /// <exception cref="ArgumentException">
    /// The name or a setting is unknown (the message lists the known ones), or the expression is malformed.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public static IRestorer Find(string expression, Parallelism parallelism = default)
    {
        ArgumentNullException.ThrowIfNull(expression);
        CallText call = CallText.Parse(expression, message => new ArgumentException(message, nameof(expression)));
        Entry entry = Array.Find(Entries, e => e.Name == call.Name)
            ?? throw new ArgumentException($"There is no classical restorer '{call.Name}'; expected one of {string.Join(", ", Names)}.", nameof(expression));
        return entry.Create(new Settings(Values(call, entry, expression)), parallelism);
    }

    private static Dictionary<string, double> Values(CallText call, Entry entry, string expression)
    {
        var values = new Dictionary<string, double>();
        foreach ((string key, string text) in call.Settings)
        {
            if (!entry.Keys.Contains(key))
            {
                string known = entry.Keys.Length == 0 ? "it has none" : $"expected {string.Join(", ", entry.Keys)}";
                throw new ArgumentException($"'{expression}': {entry.Name} has no setting '{key}'; {known}.", nameof(expression));
            }

            values.Add(key, double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
                ? value
                : throw new ArgumentException($"'{expression}': {key} = {text}: expected a number.", nameof(expression)));
        }

        return values;
    }

    private static NonLocalMeansRestorer NonLocalMeans(Settings settings, Parallelism parallelism)
    {
        var defaults = new NonLocalMeansRestorerOptions();
        return new(
            new()
            {
                Sigma = settings.Number("sigma"),
                PatchRadius = settings.Integer("patch", defaults.PatchRadius),
                SearchRadius = settings.Integer("search", defaults.SearchRadius),
                Strength = settings.Number("strength", defaults.Strength),
            },
            parallelism);
    }

    private static UnsharpRestorer Unsharp(Settings settings, Parallelism parallelism)
    {
        var defaults = new UnsharpRestorerOptions();
        return new(new() { Sigma = settings.Number("sigma", defaults.Sigma), Amount = settings.Number("amount", defaults.Amount) }, parallelism);
    }

    private static RichardsonLucyRestorer RichardsonLucy(Settings settings, Parallelism parallelism)
    {
        var defaults = new RichardsonLucyRestorerOptions();
        return new(
            new() { Sigma = settings.Number("sigma", defaults.Sigma), Iterations = settings.Integer("iterations", defaults.Iterations) }, parallelism);
    }

    private static BackProjectionRestorer BackProjection(Settings settings, Parallelism parallelism)
    {
        var defaults = new BackProjectionRestorerOptions();
        return new(
            new()
            {
                Factor = settings.Integer("factor", defaults.Factor),
                Iterations = settings.Integer("iterations", defaults.Iterations),
                Sharpening = settings.Number("sharpening", defaults.Sharpening),
            },
            parallelism);
    }

    private static DarkChannelRestorer DarkChannel(Settings settings, Parallelism parallelism)
    {
        var defaults = new DarkChannelRestorerOptions();
        return new(
            new()
            {
                PatchSize = settings.Integer("patch", defaults.PatchSize),
                Omega = settings.Number("omega", defaults.Omega),
                MinimumTransmission = settings.Number("t0", defaults.MinimumTransmission),
                AirlightFraction = settings.Number("fraction", defaults.AirlightFraction),
                GuideRadius = settings.Integer("radius", defaults.GuideRadius),
                GuideEpsilon = settings.Number("epsilon", defaults.GuideEpsilon),
            },
            parallelism);
    }

    private static InpaintingRestorer Inpainting(Settings settings, Parallelism parallelism)
    {
        var defaults = new InpaintingRestorerOptions();
        return new(
            new()
            {
                MinimumThickness = settings.Integer("min", defaults.MinimumThickness),
                MaximumThickness = settings.Integer("max", defaults.MaximumThickness),
                Sweeps = settings.Integer("sweeps", defaults.Sweeps),
            },
            parallelism);
    }

    private sealed record Entry(string Name, string[] Keys, Func<Settings, Parallelism, IRestorer> Create);

    private sealed class Settings(Dictionary<string, double> values)
    {
        public double? Number(string key) => values.TryGetValue(key, out double value) ? value : null;

        public double Number(string key, double fallback) => Number(key) ?? fallback;

        public int Integer(string key, int fallback)
        {
            double value = Number(key, fallback);
            if (value != Math.Floor(value) || Math.Abs(value) > int.MaxValue)
                throw new ArgumentOutOfRangeException(key, value, "Expected a whole number.");
            return (int)value;
        }
    }
}
