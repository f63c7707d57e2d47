using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Gir.Imaging;
using Gir.Imaging.Codecs;
using Gir.Imaging.Color;
using Gir.Imaging.Files;
using Gir.Imaging.Random;
using Gir.Imaging.Scenes;
using Gir.Metrics;
using Gir.Metrics.NoReference;
using Gir.Metrics.Quality;

namespace Gir.Evaluation.Quality;

/// <summary>The features of all variants of a scene.</summary>
/// <param name="Name">The scene.</param>
/// <param name="Rows">One row per variant: the features with a reference, then what is measured for comparison.</param>
internal sealed record QualityScene(string Name, double[][] Rows);

/// <summary>Makes scenes' variants and measures their features; what is measured is kept in a folder, so that a run that was stopped goes on.</summary>
internal sealed class QualityTable
{
    private static readonly INoReferenceMetric[] s_rivals = [new Niqe(), new Piqe()];

    private readonly QualityRecipe _recipe;
    private readonly QualityVariants _variants;
    private readonly (string Name, Func<ImageBuffer> Load)[] _pictures;
    private readonly bool _withRivals;
    private readonly string _folder;
    private readonly string _settings;

    private QualityTable(QualityRecipe recipe, (string Name, Func<ImageBuffer> Load)[] pictures, bool isTest, string folder)
    {
        _recipe = recipe;
        _pictures = pictures;
        _withRivals = isTest;
        _folder = folder;
        _variants = new QualityVariants(recipe, isTest);
        _settings = string.Join('\n', [.. _variants.Variants.Select(v => v.Id), .. Columns, $"{recipe.Seed}", $"{recipe.Side}"]);
    }

    /// <summary>The variants, in the order of the rows.</summary>
    public IReadOnlyList<QualityVariant> Variants => _variants.Variants;

    /// <summary>How many scenes there are.</summary>
    public int Count => _pictures.Length;

    private string[] Columns => [.. QualityFeatures.Names(QualityFeatureSet.FullReference), .. _withRivals ? s_rivals.Select(m => m.Name) : []];

    /// <summary>What a recipe learns from: photographs of a folder, evenly picked, and procedural scenes.</summary>
    /// <exception cref="EvaluationException">There are no images.</exception>
    public static QualityTable ToLearn(QualityRecipe recipe, string? photographs, string folder)
    {
        (string, Func<ImageBuffer>)[] scenes =
        [
            .. Enumerable.Range(0, recipe.Scenes).Select(i => (ulong)(recipe.FirstScene + i))
                .Select(seed => ($"scene-{seed}", (Func<ImageBuffer>)(() => SceneGenerator.Create(seed, recipe.Side, recipe.Side).Image.Quantized()))),
        ];
        return new QualityTable(recipe, [.. photographs is null ? [] : Photographs(photographs, recipe.Photographs, recipe.Side), .. scenes], isTest: false, folder);
    }

    /// <summary>What a model is tested on: all photographs of a folder.</summary>
    /// <exception cref="EvaluationException">There are no images.</exception>
    public static QualityTable ToTest(QualityRecipe recipe, string photographs, string folder) =>
        new(recipe, [.. Photographs(photographs, int.MaxValue, recipe.Side)], isTest: true, folder);

    /// <summary>Measures what is not measured yet.</summary>
    /// <param name="parallelism">Threads; the numbers do not depend on them.</param>
    /// <param name="progress">Told how many scenes there are so far; may be null.</param>
    /// <param name="cancellationToken">Stops the work; scenes that are done are kept.</param>
    public IReadOnlyList<QualityScene> Measure(Parallelism parallelism, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_folder);
        var scenes = new QualityScene[_pictures.Length];
        int done = 0;
        for (int i = 0; i < scenes.Length; i++)
        {
            scenes[i] = Read(i) ?? MeasureScene(i, parallelism, cancellationToken);
            progress?.Report(++done);
        }

        return scenes;
    }

    private QualityScene MeasureScene(int index, Parallelism parallelism, CancellationToken cancellationToken)
    {
        ImageBuffer picture = _pictures[index].Load();
        ulong seed = Philox4x32.DeriveSeed((ulong)_recipe.Seed, _pictures[index].Name);
        ImageBuffer texture = PhaseTexture.Of(Neighbor(index).Load(), seed);
        var rows = new double[_variants.Variants.Count][];
        Recipes.ParallelFailure.Unwrap(() => parallelism.For(rows.Length, 1, new Rows(this, picture, texture, seed, rows), cancellationToken));
        var scene = new QualityScene(_pictures[index].Name, rows);
        Write(scene, Mark(index));
        return scene;
    }

    /// <summary>The picture that a scene's texture is made of.</summary>
    private (string Name, Func<ImageBuffer> Load) Neighbor(int index) => _pictures[(index + 1) % _pictures.Length];

    /// <summary>Everything that decides a scene's rows, but for the pictures' samples.</summary>
    private string Mark(int index) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(_settings + '\n' + Neighbor(index).Name)));

    private string PathOf(string name) => Path.Combine(_folder, name + ".csv");

    private void Write(QualityScene scene, string mark)
    {
        var text = new StringBuilder().Append("# ").Append(mark).Append('\n').Append("variant,").AppendJoin(',', Columns).Append('\n');
        foreach ((QualityVariant variant, double[] row) in _variants.Variants.Zip(scene.Rows))
            text.Append('"').Append(variant.Id).Append("\",").AppendJoin(',', row.Select(v => v.ToString("R", CultureInfo.InvariantCulture))).Append('\n');
        AtomicFile.Write(PathOf(scene.Name), Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>What was measured before; null where nothing was, or by another recipe.</summary>
    private QualityScene? Read(int index)
    {
        string path = PathOf(_pictures[index].Name);
        if (!File.Exists(path))
            return null;
        string[] lines = File.ReadAllLines(path);
        if (lines.Length != _variants.Variants.Count + 2 || lines[0] != "# " + Mark(index))
            return null;
        int columns = Columns.Length;
        var rows = new double[_variants.Variants.Count][];
        for (int i = 0; i < rows.Length; i++)
        {
            // The variant's text may hold commas itself.
            string[] fields = lines[i + 2][(lines[i + 2].LastIndexOf('"') + 2)..].Split(',');
            if (fields.Length != columns)
                return null;
            rows[i] = new double[columns];
            for (int column = 0; column < columns; column++)
            {
                if (!double.TryParse(fields[column], NumberStyles.Float, CultureInfo.InvariantCulture, out rows[i][column]))
                    return null;
            }
        }

        return new QualityScene(_pictures[index].Name, rows);
    }

    private static IEnumerable<(string Name, Func<ImageBuffer> Load)> Photographs(string path, int most, int side)
    {
        if (!Directory.Exists(path))
            throw new EvaluationException($"There is no folder '{path}'.");
        IReadOnlyList<string> files = ImageFolder.Read(path).Files;
        if (files.Count == 0)
            throw new EvaluationException($"'{path}' holds no image files.");
        int count = Math.Min(most, files.Count);
        for (int i = 0; i < count; i++)
        {
            string file = files[(int)((long)files.Count * i / count)];
            yield return (Path.GetFileNameWithoutExtension(file), () => Middle(file, side));
        }
    }

    private static ImageBuffer Middle(string file, int side)
    {
        ImageBuffer image = BenchmarkImage.WithoutAlpha(ImageFile.Load(file)).ToRgb();
        if (Math.Min(image.Height, image.Width) < side)
            throw new EvaluationException($"'{file}' is {image.Height} x {image.Width} (height x width), smaller than {side} x {side}.");
        return image.Crop((image.Height - side) / 2, (image.Width - side) / 2, side, side);
    }

    private readonly struct Rows(QualityTable table, ImageBuffer picture, ImageBuffer texture, ulong seed, double[][] rows) : IRangeBody
    {
        public void Invoke(int start, int end)
        {
            for (int i = start; i < end; i++)
            {
                ImageBuffer image = table._variants.Make(i, picture, texture, seed);
                rows[i] =
                [
                    .. QualityFeatures.Compute(picture, image),
                    .. table._withRivals ? s_rivals.Select(metric => metric.Measure(image).Value) : [],
                ];
            }
        }
    }
}
