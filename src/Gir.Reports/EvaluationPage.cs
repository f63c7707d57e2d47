using System.Text;
using Gir.Evaluation.Generality;
using Gir.Evaluation.Results;
using Gir.Evaluation.Studies;
using Gir.Imaging.Files;
using Gir.Reports.Html;

namespace Gir.Reports;

/// <summary>A <see cref="GeneralityReport"/> to look at: one self-contained HTML file, Markdown, and CSV.</summary>
/// <remarks>
/// The HTML loads nothing: style, script and pictures stand in it, and its content security policy forbids all else. Names of files, restorers and tasks are
/// text wherever they appear. Equal content gives equal bytes. Immutable and safe for concurrent use.
/// </remarks>
/// <param name="Report">The numbers.</param>
public sealed record EvaluationPage(GeneralityReport Report)
{
    /// <summary>The page's title.</summary>
    public string Title { get; init; } = "How general are these restorers?";

    /// <summary>Results of single images, for failure signs and their shares; default none, which leaves that part out.</summary>
    public IReadOnlyList<ResultRecord> Results { get; init; } = [];

    /// <summary>Pictures to compare by a slider; default none.</summary>
    public IReadOnlyList<ReportComparison> Comparisons { get; init; } = [];

    /// <summary>The worst images of each failure sign (<see cref="ReportPictures.Worst"/>); default none.</summary>
    public IReadOnlyList<ReportPanel> WorstImages { get; init; } = [];

    /// <summary>What restorations cost, for quality against time, operations and size; default none, which leaves that part out.</summary>
    public IReadOnlyList<RestorationCost> Costs { get; init; } = [];

    /// <summary>What else the page shows, e.g. sweeps and attribution maps (<see cref="ReportPanels"/>); default nothing.</summary>
    public IReadOnlyList<ReportPanel> Panels { get; init; } = [];

    /// <summary>What else made the report, by name, e.g. the runtime's version; default nothing.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Settings { get; init; } = [];

    /// <summary>The page as HTML.</summary>
    public string ToHtml() => PageHtml.Of(this);

    /// <summary>The tables as Markdown.</summary>
    public string ToMarkdown() => MarkdownReport.Of(Report);

    /// <summary>
    /// A row for each restorer and task, the degraded input among them: means of the metrics, margins in dB, what is accepted. Fields that spreadsheets would
    /// take for formulas begin with an apostrophe.
    /// </summary>
    public string ToCsv() => CsvReport.Of(Report);

    /// <summary>Writes report.html, report.md and report.csv.</summary>
    /// <param name="folder">The folder, which must exist; files of these names are replaced, each in one piece.</param>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public void Save(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        AtomicFile.Write(Path.Combine(folder, "report.html"), Encoding.UTF8.GetBytes(ToHtml()));
        AtomicFile.Write(Path.Combine(folder, "report.md"), Encoding.UTF8.GetBytes(ToMarkdown()));
        AtomicFile.Write(Path.Combine(folder, "report.csv"), Encoding.UTF8.GetBytes(ToCsv()));
    }
}
