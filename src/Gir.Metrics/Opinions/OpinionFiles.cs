using System.Text.Json;
using Gir.Imaging.Text;

namespace Gir.Metrics.Opinions;

/// <summary>Reads what people said from the files in which the field's collections publish it.</summary>
/// <remarks>Names are compared without case, as the collections mix it. An image may have one opinion of each kind.</remarks>
public static class OpinionFiles
{
    private const int MostOpinions = 100_000;
    private const int LongestFile = 1 << 26;

    /// <summary>TID2013 (Ponomarenko et al., SPIC 2015): lines "score name" of mos_with_names.txt; 0..9, more is better; the scene is the name up to the first '_'.</summary>
    /// <param name="path">The file mos_with_names.txt.</param>
    /// <exception cref="OpinionException">The file is none of that form; the message names the line.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static OpinionSet ReadTid2013(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        DelimitedText lines = DelimitedText.WithoutHeader(path, ["score", "name"], line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return Create(path, "TID2013", OpinionScale.HigherIsBetter, lines, row =>
        {
            string image = lines.Text(row, 1);
            int end = image.IndexOf('_', StringComparison.Ordinal);
            if (end <= 0)
                throw lines.Fault(row, $"'{Suggestion.Shortened(image)}' names no reference; expected a name such as I01_01_1.bmp");
            return new Opinion(image, lines.Number(row, 0)) { Reference = image[..end] + ".bmp", Group = image[..end] };
        });
    }

    /// <summary>KADID-10k (Lin et al., QoMEX 2019): dmos.csv with dist_img, ref_img, dmos, var; 1..5, more is better in spite of the column's name.</summary>
    /// <param name="path">The file dmos.csv.</param>
    /// <exception cref="OpinionException">The file is none of that form; the message names the line.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static OpinionSet ReadKadid10k(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        DelimitedText lines = DelimitedText.WithHeader(path);
        (int image, int reference, int score) = (lines.Column("dist_img"), lines.Column("ref_img"), lines.Column("dmos"));
        int? variance = lines.FindColumn("var");
        return Create(path, "KADID-10k", OpinionScale.HigherIsBetter, lines, row => new Opinion(lines.Text(row, image), lines.Number(row, score))
        {
            Reference = lines.Text(row, reference),
            Group = lines.Text(row, reference),
            Spread = variance is { } column ? Math.Sqrt(NotNegative(lines, row, column, "variance")) : null,
        });
    }

    /// <summary>KonIQ-10k (Hosu et al., TIP 2020): columns image_name and MOS, and SD where it is there; no reference, and every image is a scene of its own.</summary>
    /// <param name="path">E.g. koniq10k_scores_and_distributions.csv.</param>
    /// <exception cref="OpinionException">The file is none of that form; the message names the line.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static OpinionSet ReadKonIq10k(string path) =>
        ReadCsv(path, new OpinionColumns("image_name", "MOS") { Spread = "SD", IsSpreadOptional = true }, OpinionScale.HigherIsBetter, "KonIQ-10k");

    /// <summary>PIPAL (Gu et al., ECCV 2020): a folder with a text file for each reference, lines "name,score"; Elo points, more is better.</summary>
    /// <param name="folder">The folder, e.g. Train_Label.</param>
    /// <exception cref="OpinionException">A file is none of that form, or there is none; the message names file and line.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static OpinionSet ReadPipal(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        string[] files = [.. Directory.EnumerateFiles(folder, "*.txt").Order(StringComparer.Ordinal)];
        if (files.Length == 0)
            throw new OpinionException($"{folder}: there are no text files; expected one for each reference.");
        var opinions = new List<Opinion>();
        foreach (string file in files)
        {
            string scene = Path.GetFileNameWithoutExtension(file);
            DelimitedText lines = DelimitedText.WithoutHeader(file, ["name", "score"], line => line.Split(','));
            for (int row = 0; row < lines.Rows; row++)
                opinions.Add(new Opinion(lines.Text(row, 0), lines.Number(row, 1)) { Reference = scene + ".bmp", Group = scene });
        }

        return Checked(folder, new("PIPAL", OpinionScale.HigherIsBetter, opinions));
    }

    /// <summary>
    /// The annotations of "How Far Have We Gone in Generative Image Restoration?" (Yin et al., arXiv 2603.05010): a JSON list of low-quality images, each with "results" by
    /// method. Four sets: Details and Sharpness, -3..3 with 0 best; Semantics and Overall, 0..4, more is better. The scene is the low-quality image, the label the method.
    /// </summary>
    /// <param name="path">The file dataset_info.json.</param>
    /// <exception cref="OpinionException">The file is none of that form; the message names the place.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyList<OpinionSet> ReadGenerativeRestoration(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        using FileStream file = File.OpenRead(path);
        string text = BoundedText.Read(file, LongestFile) ?? throw new OpinionException($"{path}: expected at most {LongestFile} bytes.");
        var form = new StrictJsonSource(path, "a list of annotated images", (message, inner) => new OpinionException(message, inner)) { AllowsNull = true };
        return StrictJson.Read(text, form, root => AnnotatedImages.Read(root, MostOpinions)).Select(set => Checked(path, set)).ToArray();
    }

    /// <summary>Any table with a line of column names.</summary>
    /// <param name="path">A file of comma-separated values.</param>
    /// <param name="columns">What the columns are called.</param>
    /// <param name="scale">Which scores are the good ones.</param>
    /// <param name="name">What to call the set; null means the file's name.</param>
    /// <exception cref="OpinionException">The file has no such columns, or a field does not hold what it should; the message names the line.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static OpinionSet ReadCsv(string path, OpinionColumns columns, OpinionScale scale, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(columns);
        DelimitedText lines = DelimitedText.WithHeader(path);
        (int image, int score) = (lines.Column(columns.Image), lines.Column(columns.Score));
        int? reference = columns.Reference is null ? null : lines.Column(columns.Reference);
        int? group = columns.Group is null ? reference : lines.Column(columns.Group);
        int? spread = columns.Spread is null ? null : columns.IsSpreadOptional ? lines.FindColumn(columns.Spread) : lines.Column(columns.Spread);
        return Create(path, name ?? Path.GetFileName(path), scale, lines, row => new Opinion(lines.Text(row, image), lines.Number(row, score))
        {
            Reference = reference is { } r ? lines.Text(row, r) : null,
            Group = group is { } g ? lines.Text(row, g) : null,
            Spread = spread is { } s ? NotNegative(lines, row, s, "spread") : null,
        });
    }

    /// <summary>Scores as "gir score --format csv" writes them: columns image, metric, value, whatever else there is.</summary>
    /// <param name="path">A file of comma-separated values.</param>
    /// <returns>By metric, its values by image (whatever the case); values may be infinite or NaN.</returns>
    /// <exception cref="OpinionException">The file is none of that form; the message names the line.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> ReadScores(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        DelimitedText lines = DelimitedText.WithHeader(path);
        (int image, int metric, int value) = (lines.Column("image"), lines.Column("metric"), lines.Column("value"));
        var scores = new OrderedDictionary<string, IReadOnlyDictionary<string, double>>(StringComparer.OrdinalIgnoreCase);
        for (int row = 0; row < lines.Rows; row++)
        {
            string name = lines.Text(row, metric);
            if (!scores.TryGetValue(name, out IReadOnlyDictionary<string, double>? values))
                scores.Add(name, values = new Dictionary<string, double>(StringComparer.OrdinalIgnoreCase));
            if (!((Dictionary<string, double>)values).TryAdd(lines.Text(row, image), lines.Number(row, value, mayBeInfinite: true)))
                throw lines.Fault(row, $"'{Suggestion.Shortened(lines.Text(row, image))}' has two scores of {name}");
        }

        return scores;
    }

    private static double NotNegative(DelimitedText lines, int row, int column, string what) => lines.Number(row, column) is >= 0 and var value
        ? value
        : throw lines.Fault(row, $"the {what} is negative; expected at least 0");

    private static OpinionSet Create(string path, string name, OpinionScale scale, DelimitedText lines, Func<int, Opinion> read) =>
        Checked(path, new(name, scale, [.. Enumerable.Range(0, lines.Rows).Select(read)]));

    private static OpinionSet Checked(string path, OpinionSet set)
    {
        if (set.Opinions.Count > MostOpinions)
            throw new OpinionException($"{path}: found {set.Opinions.Count} opinions, expected at most {MostOpinions}.");
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (Opinion opinion in set.Opinions)
        {
            if (!names.Add(opinion.Image))
                throw new OpinionException($"{path}: '{Suggestion.Shortened(opinion.Image)}' stands twice; expected one opinion for each image.");
        }

        return set;
    }
}

/// <summary>What the columns of a table of opinions are called, whatever their case.</summary>
/// <param name="Image">Column of the images' file names.</param>
/// <param name="Score">Column of the scores.</param>
public sealed record OpinionColumns(string Image, string Score)
{
    /// <summary>Column of the references' file names; default null: there are none.</summary>
    public string? Reference { get; init; }

    /// <summary>Column of the standard deviations; default null: there are none.</summary>
    public string? Spread { get; init; }

    /// <summary>Column of the scenes; default null: the references are the scenes, and without them every image is its own.</summary>
    public string? Group { get; init; }

    internal bool IsSpreadOptional { get; init; }
}
