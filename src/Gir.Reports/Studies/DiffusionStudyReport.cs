using System.Globalization;
using System.Text;
using Gir.Evaluation.Studies.Diffusion;
using Gir.Imaging.Files;
using Gir.Metrics.Analysis;
using Gir.Reports.Charts;

namespace Gir.Reports.Studies;

/// <summary>Results of a <see cref="DiffusionStudy"/> as figures and tables.</summary>
/// <remarks>Safe for concurrent use on different folders.</remarks>
public static class DiffusionStudyReport
{
    private const string Cldm = "cldm-";

    // Where there is nothing to restore, networks that do nothing are as good as can be, and all others would lie on one line below.
    private const double MostDecibels = 30;

    /// <summary>Writes a figure for each experiment that has one, and study.md with notes and tables.</summary>
    /// <param name="results">The results, at least one.</param>
    /// <param name="folder">An existing folder.</param>
    /// <returns>The files written.</returns>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static IReadOnlyList<string> Write(IReadOnlyList<StudyResult> results, string folder)
    {
        ArgumentNullException.ThrowIfNull(results);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        var files = new List<string>();
        void Save(string name, string text)
        {
            files.Add(Path.Combine(folder, name));
            AtomicFile.Write(files[^1], Encoding.UTF8.GetBytes(text));
        }

        var page = new StringBuilder("# Conditional latent diffusion, measured\n");
        page.Append(CultureInfo.InvariantCulture, $"\n{results[0].Size}. Means over the scenes with 95 % intervals of the bootstrap.\n");
        foreach (StudyResult result in results)
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## {result.Experiment}: {DiffusionStudy.Question(result.Experiment)}\n\n");
            // Results of an earlier version may lack a metric.
            CurvePanel[] panels = [.. Panels(result).Where(p => p.Curves.Any(c => c.Points.Count > 0))];
            if (panels.Length > 0)
            {
                Save($"{result.Experiment}.svg", CurveFigure.Draw(result.Experiment, panels));
                page.Append(CultureInfo.InvariantCulture, $"![{DiffusionStudy.Question(result.Experiment)}]({result.Experiment}.svg)\n\n");
            }

            foreach (string note in result.Notes)
                page.Append(CultureInfo.InvariantCulture, $"- {note}\n");
            Table(page, result);
        }

        Save("study.md", page.ToString());
        return files;
    }

    private static IEnumerable<CurvePanel> Panels(StudyResult result) => result.Experiment switch
    {
        "plane" => BySetting(result).Select(s => new CurvePanel(s.Key, "PSNR, dB (right is better)", "deep-feature distance (down is better)", Plane(s, "psnr", "deep"))),
        "blur" or "deviation" => new[] { ("psnr", "PSNR, dB"), ("ssim", "SSIM"), ("alignment", "Alignment"), ("local", "Alignment by places") }
            .Select(m => new CurvePanel(
                m.Item2, "blur, pixels", m.Item2, BySystem(result, m.Item1), Most: m.Item1 == "psnr" ? MostDecibels : double.PositiveInfinity)),
        "cost" => new[] { ("milliseconds", "psnr"), ("parameters", "psnr"), ("milliseconds", "deep"), ("parameters", "deep") }
            .Select(m => new CurvePanel($"{Word(m.Item2)} against {m.Item1}", m.Item1, Word(m.Item2), Plane(result.Rows, m.Item1, m.Item2), IsLogarithmic: true)),
        "ceiling" =>
        [
            new("Round trip of clean scenes", "numbers of a latent for each of the image", "PSNR, dB", Autoencoders(result, "psnr"), IsLogarithmic: true),
            new("Energy left, by band of frequency", "band, from the coarsest", "share of the scene's", Bands(result)),
        ],
        "steps" =>
        [
            new("Predicted image by step", "step", "PSNR, dB", BySystem(result, "psnr", "by step")),
            new("Result by number of steps", "steps", "PSNR, dB", BySystem(result, "psnr", "by number of steps"), IsLogarithmic: true),
            new("By sampler and start", "steps", "PSNR, dB", BySystem(result, "psnr", "by sampler"), IsLogarithmic: true),
            new("Spread over seeds", "steps", "standard deviation of PSNR, dB", BySystem(result, "spread", "by sampler"), IsLogarithmic: true),
        ],
        "start" => new[] { ("psnr", "PSNR, dB"), ("deep", "deep-feature distance"), ("local", "Alignment by places"), ("spread", "spread over seeds, dB") }
            .Select(m => new CurvePanel(m.Item2, "timestep of the start (0: no sampling)", m.Item2, BySystem(result, m.Item1))),
        "pixels" => BySetting(result).Select(s => new CurvePanel(s.Key, "PSNR, dB", "deep-feature distance", Plane(s, "psnr", "deep"))),
        _ => [],
    };

    private static string Word(string metric) => metric == "psnr" ? "PSNR, dB" : "deep-feature distance";

    private static IEnumerable<IGrouping<string, StudyRow>> BySetting(StudyResult result) => result.Rows.GroupBy(r => r.Setting, StringComparer.Ordinal);

    private static Curve[] BySystem(StudyResult result, string metric, string? setting = null) =>
    [
        .. result.Rows.Where(r => (setting is null || r.Setting == setting) && r.Values.ContainsKey(metric)).GroupBy(r => r.System, StringComparer.Ordinal)
            .Select(g => new Curve(g.Key, [.. g.Select(r => new CurvePoint(new Estimate(r.Position), r.Values[metric]))])),
    ];

    // The steps of latent diffusion are points of one curve, the other systems points by themselves.
    private static Curve[] Plane(IEnumerable<StudyRow> rows, string across, string up)
    {
        static bool IsSteps(StudyRow row) => row.System.StartsWith(Cldm, StringComparison.Ordinal) && int.TryParse(row.System.AsSpan(Cldm.Length), CultureInfo.InvariantCulture, out _);
        CurvePoint Point(StudyRow row, string label) => new(row.Values[across], row.Values[up], label);
        StudyRow[] all = [.. rows.Where(r => r.Values[across].Value > 0)];
        return
        [
            .. all.Where(r => !IsSteps(r)).Select(r => new Curve(r.System, [Point(r, "")], IsLine: false)),
            .. all.Any(IsSteps) ? new[] { new Curve("cldm, by steps", [.. all.Where(IsSteps).Select(r => Point(r, r.System[Cldm.Length..]))]) } : [],
        ];
    }

    private static Curve[] Autoencoders(StudyResult result, string metric)
    {
        Curve Where(string name, Func<StudyRow, bool> isOne, string label) => new(
            name, [.. result.Rows.Skip(1).Where(isOne).OrderBy(r => r.Position).Select(r => new CurvePoint(new Estimate(r.Position), r.Values[metric], $"{label}{r.Values[label == "f" ? "factor" : "channels"].Value}"))]);
        return
        [
            Where("factor 4, by channels", r => r.Values["factor"].Value == 4, "z"), Where("4 channels, by factor", r => r.Values["channels"].Value == 4, "f"),
            new(result.Rows[0].System, [new CurvePoint(new Estimate(result.Rows[0].Position), result.Rows[0].Values[metric])], IsLine: false),
        ];
    }

    private static Curve[] Bands(StudyResult result) =>
        [.. result.Rows.Select(r => new Curve(r.System, [.. Enumerable.Range(1, 4).Select(b => new CurvePoint(new Estimate(b), r.Values[string.Create(CultureInfo.InvariantCulture, $"band{b}")]))]))];

    private static void Table(StringBuilder page, StudyResult result)
    {
        string[] names = [.. result.Rows.SelectMany(r => r.Values.Keys).Distinct(StringComparer.Ordinal)];
        page.Append(CultureInfo.InvariantCulture, $"\n| setting | system | {string.Join(" | ", names)} |\n|---|---|{string.Concat(Enumerable.Repeat("---:|", names.Length))}\n");
        foreach (StudyRow row in result.Rows)
            page.Append(CultureInfo.InvariantCulture, $"| {row.Setting}{(row.Setting.StartsWith("by ", StringComparison.Ordinal) ? string.Create(CultureInfo.InvariantCulture, $" {row.Position}") : "")} | {row.System} | {string.Join(" | ", names.Select(n => row.Values.TryGetValue(n, out Estimate? e) ? Text(e) : ""))} |\n");
    }

    private static string Text(Estimate estimate)
    {
        static string Number(double value) => value.ToString(Math.Abs(value) >= 1000 ? "0" : Math.Abs(value) >= 10 ? "0.00" : "0.000", CultureInfo.InvariantCulture);
        return estimate is { Low: { } low, High: { } high } && low < high ? $"{Number(estimate.Value)} ({Number(low)} to {Number(high)})" : Number(estimate.Value);
    }
}
