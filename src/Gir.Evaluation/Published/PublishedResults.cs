using System.Globalization;
using System.Reflection;
using Gir.Evaluation.Generality;
using Gir.Evaluation.Lines;

namespace Gir.Evaluation.Published;

/// <summary>
/// The mean PSNR of every model of the GIR paper on its 100 test tasks (Tables 7 to 11): tasks 1 to 50 are the representative ones,
/// 51 to 100 were drawn at random for cross-validation.
/// </summary>
/// <remarks>
/// The rates are computed from the tables. The paper prints some otherwise: its Table 4 (f, j) has an AR of .49 for the column that
/// gives .46, and an ER of .03 for batch size 32 where the table gives .06; an AR of .44 for the ImageNet column and
/// of .57 for batch size 32 come out with <see cref="LineComparison.Strict"/> only, while Eq. 5 and 6 print "at least".
/// The columns "MIR-10" and "MIR-50" are exchanged in the source: the one named MIR-50 masters the ten tasks of one degradation (AR .85) and fails
/// on mixed ones (AR .10 and less), as a model of ten tasks does. Names and numbers are given as printed; <see cref="PublishedModel.Note"/> says so.
/// </remarks>
public static class PublishedResults
{
    private const string Resource = "Gir.Evaluation.Published.published-psnr.csv";
    private const int Representative = 50;
    private const string FirstExchanged = "MIR-10";
    private const string SecondExchanged = "MIR-50";

    private static readonly Lazy<Table> Loaded = new(Load);

    /// <summary>The tasks' ids, "1" to "100".</summary>
    public static IReadOnlyList<string> TaskIds => Loaded.Value.TaskIds;

    /// <summary>The ids of the representative tasks, "1" to "50".</summary>
    public static IReadOnlyList<string> RepresentativeTaskIds { get; } = [.. Enumerable.Range(1, Representative).Select(i => i.ToString(CultureInfo.InvariantCulture))];

    /// <summary>
    /// The paper's lines, drawn by networks trained for one task each; label "published". They hold for the paper's own test images: reports on others
    /// carry a warning (<see cref="LinesDescription.Warning"/>).
    /// </summary>
    public static QualityLines Lines => Loaded.Value.Lines;

    /// <summary>Every model: DASR, RRDB, SwinIR, Uformer, Restormer, HAT, MIR-10, MIR-50, and the variants of training data, patch and batch size.</summary>
    public static IReadOnlyList<PublishedModel> Models => Loaded.Value.Models;

    /// <summary>Mean of the acceptance lines over the 100 tasks, dB.</summary>
    public static double AverageAcceptance => Loaded.Value.QualityLines.Average(l => l.Acceptance);

    /// <summary>Mean of the excellence lines over the 100 tasks, dB.</summary>
    public static double AverageExcellence => Loaded.Value.QualityLines.Average(l => l.Excellence);

    /// <summary>One model.</summary>
    /// <param name="name">Its name; case does not matter.</param>
    /// <exception cref="EvaluationException">There is no such model; the message lists all.</exception>
    public static PublishedModel Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Models.FirstOrDefault(m => string.Equals(m.Name, name, StringComparison.OrdinalIgnoreCase))
            ?? throw new EvaluationException($"No published model '{name}'; there are: {string.Join(", ", Models.Select(m => m.Name))}.");
    }

    /// <summary>
    /// The diffusion indices of the paper's Table 5, three for each model in the order of the table's columns, whose meaning is not known to this library. They are of the
    /// authors' networks and images; how the index is made: <see cref="Gir.Metrics.Analysis.DiffusionIndex"/>.
    /// </summary>
    /// <remarks>Its Table 3, NIQE of real images by type, is not part of the library: its numbers were not at hand. Reports of one's own images have its layout (<see cref="RealWorld.RealWorldReport"/>).</remarks>
    public static IReadOnlyList<PublishedDiffusion> DiffusionIndices { get; } =
    [
        new("MIR-10", [8.7, 17.8, 7.9]),
        new("MIR-50", [9.2, 20.5, 14.4]),
        new("GIR", [11.3, 22.4, 18.2]),
    ];

    private static Table Load()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The resource {Resource} is missing.");
        using var reader = new StreamReader(stream);
        string[] header = reader.ReadLine()!.Split(',');
        var rows = new List<string[]>();
        while (reader.ReadLine() is { } line)
            rows.Add(line.Split(','));
        string[] ids = [.. rows.Select(r => r[0])];
        double[] Column(int index) => [.. rows.Select(r => double.Parse(r[index], CultureInfo.InvariantCulture))];
        QualityLine[] lines = [.. Column(1).Zip(Column(2), (a, e) => new QualityLine(a, e))];
        return new Table(
            ids,
            lines,
            QualityLines.Fixed("published", ids.Zip(lines).ToDictionary(p => p.First, p => p.Second), new LinesOrigin
            {
                Provenance = "GIR paper, Tables 7 to 11: networks trained for one task each",
                Images = "the GIR paper's own test images",
            }),
            [.. Enumerable.Range(3, header.Length - 3).Select(c => new PublishedModel(header[c], Column(c), lines, NoteOf(header[c])))]);
    }

    private static string? NoteOf(string model) => model is FirstExchanged or SecondExchanged
        ? $"The columns {FirstExchanged} and {SecondExchanged} are exchanged in the source: these numbers are those of {(model == FirstExchanged ? SecondExchanged : FirstExchanged)}."
        : null;

    private sealed record Table(string[] TaskIds, QualityLine[] QualityLines, QualityLines Lines, PublishedModel[] Models);
}

/// <summary>A row of the GIR paper's Table 5.</summary>
/// <param name="Model">The model as the paper calls it.</param>
/// <param name="Indices">Its diffusion indices, in the order of the columns.</param>
public sealed record PublishedDiffusion(string Model, IReadOnlyList<double> Indices);
