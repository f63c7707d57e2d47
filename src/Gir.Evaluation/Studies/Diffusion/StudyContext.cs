using Gir.Imaging;
using Gir.Imaging.Codecs;
using Gir.Metrics.Analysis;

namespace Gir.Evaluation.Studies.Diffusion;

/// <summary>What an experiment works with.</summary>
internal sealed class StudyContext(DiffusionStudyOptions options, StudyNetworks networks, StudyBench bench, IProgress<DiffusionStudyProgress>? told, CancellationToken cancellationToken)
{
    // Between the cells of a sheet.
    private const int Gap = 2;

    public DiffusionStudyOptions Options => options;

    public StudyNetworks Networks => networks;

    public StudyBench Bench => bench;

    public CancellationToken CancellationToken => cancellationToken;

    /// <summary>Counts the images of a part.</summary>
    public StudyProgress Progress(string part, long measurements) => new(part, measurements * options.Images, told, cancellationToken);

    /// <summary>Writes rows of pictures of one size, one beside the other.</summary>
    public void SaveSheet(string name, IReadOnlyList<IReadOnlyList<ImageBuffer>> rows)
    {
        (int height, int width) = (rows[0][0].Height, rows[0][0].Width);
        var sheet = new ImageBuffer(3, (rows.Count * (height + Gap)) - Gap, (rows[0].Count * (width + Gap)) - Gap);
        sheet.Samples.Fill(1);
        foreach ((int r, IReadOnlyList<ImageBuffer> row) in rows.Index())
        {
            foreach ((int k, ImageBuffer cell) in row.Index())
            {
                for (int c = 0; c < 3; c++)
                {
                    for (int y = 0; y < height; y++)
                        cell.Row(cell.Channels == 1 ? 0 : c, y).CopyTo(sheet.Row(c, (r * (height + Gap)) + y)[(k * (width + Gap))..]);
                }
            }
        }

        ImageFile.Save(Path.Combine(options.Output, name), sheet, overwrite: true);
    }

    /// <summary>The result of an experiment.</summary>
    public StudyResult Result(string experiment, IReadOnlyList<StudyRow> rows, params IReadOnlyList<string> notes) => new(experiment, options.Images, options.Seeds, notes, rows);

    /// <summary>A value without an interval.</summary>
    public static StudyRow With(StudyRow row, params ReadOnlySpan<(string Name, double Value)> values)
    {
        var all = new Dictionary<string, Estimate>(row.Values, StringComparer.Ordinal);
        foreach ((string name, double value) in values)
            all[name] = new Estimate(value);
        return row with { Values = all };
    }
}

/// <summary>One experiment.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Question">What it asks, in a few words.</param>
/// <param name="Run">Does it.</param>
internal sealed record StudyExperiment(string Name, string Question, Func<StudyContext, StudyResult> Run);
