using Gir.Cli.Shell;
using Gir.Evaluation;
using Gir.Evaluation.Lines;
using Gir.Evaluation.Published;
using Gir.Evaluation.Results;

namespace Gir.Cli.Evaluate;

/// <summary>Lines as a user names them.</summary>
internal static class LinesChoice
{
    /// <summary>The lines of a name; null: our own where they hold for what is evaluated, else those relative to the input.</summary>
    public static QualityLines Of(string? name, EvaluationConfiguration configuration) => name switch
    {
        null => QualityLines.Gir is { } own && HoldFor(own, configuration) ? own : QualityLines.Input,
        "input" => QualityLines.Input,
        "gir" => QualityLines.Gir ?? throw new UsageException("--lines gir: this build carries no lines of its own; expected input, published or a JSON file, as \"gir train lines\" writes them."),
        "published" => PublishedResults.Lines,
        _ => Load(name),
    };

    private static bool HoldFor(QualityLines lines, EvaluationConfiguration configuration) =>
        lines.Origin.TestSet?.Hash == configuration.ImagesHash() && configuration.Tasks.Any(t => lines.Covers(t.Id));

    private static QualityLines Load(string path)
    {
        try
        {
            return QualityLines.Load(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--lines {path}: expected input, gir, published or a JSON file of lines. {e.Message}");
        }
    }
}
