using Gir.Degradations;
using Gir.Imaging;
using Gir.Models.Restoration;

namespace Gir.Evaluation.Quality;

/// <summary>Where a variant of a scene comes from.</summary>
internal enum QualityVariantKind
{
    /// <summary>The scene itself.</summary>
    Clean,

    /// <summary>A sweep that takes detail away.</summary>
    Missing,

    /// <summary>A sweep that adds detail.</summary>
    Added,

    /// <summary>A sweep that adds detail while it repairs something else.</summary>
    Mixed,

    /// <summary>A sweep that sharpens too much.</summary>
    Sharpened,

    /// <summary>A sweep that is measured and not learned.</summary>
    Unseen,

    /// <summary>The first steps of a pipeline.</summary>
    Chain,

    /// <summary>A restorer's result, or what it was given.</summary>
    Restored,
}

/// <summary>One picture made of a scene.</summary>
/// <param name="Id">What was done.</param>
/// <param name="Kind">Where it comes from.</param>
/// <param name="Group">Which sweep, pipeline or input of its kind.</param>
/// <param name="Step">How far along the sweep or the pipeline, from 0; for restorers, which.</param>
internal sealed record QualityVariant(string Id, QualityVariantKind Kind, int Group, int Step)
{
    /// <summary>Whether it is a step of a sweep, each of which is worse than the one before.</summary>
    public bool IsSweep => Kind is QualityVariantKind.Missing or QualityVariantKind.Added or QualityVariantKind.Sharpened or QualityVariantKind.Unseen;
}

/// <summary>All pictures that a recipe makes of a scene.</summary>
internal sealed class QualityVariants
{
    private readonly List<(QualityVariant Variant, QualityChange Change)> _all = [];

    /// <exception cref="DegradationException">A text of the recipe is no sweep or pipeline.</exception>
    /// <exception cref="ArgumentException">A text is no restorer.</exception>
    public QualityVariants(QualityRecipe recipe, bool withUnseen)
    {
        _all.Add((new QualityVariant("clean", QualityVariantKind.Clean, 0, 0), (picture, _, _) => picture));
        AddSweeps(QualityVariantKind.Missing, recipe.Missing);
        AddSweeps(QualityVariantKind.Added, recipe.Added);
        AddSweeps(QualityVariantKind.Mixed, recipe.Mixed);
        AddSweeps(QualityVariantKind.Sharpened, recipe.Sharpened);
        if (withUnseen)
            AddSweeps(QualityVariantKind.Unseen, recipe.Unseen);
        foreach ((int group, string text) in recipe.Chains.Index())
        {
            DegradationPipeline chain = Pipeline(text);
            for (int length = 1; length <= chain.Order; length++)
            {
                var prefix = new DegradationPipeline(chain.Operators.Take(length), chain.Options);
                _all.Add((new QualityVariant(prefix.ToExpression(), QualityVariantKind.Chain, group, length - 1), (picture, _, seed) => prefix.Degrade(picture, seed)));
            }
        }

        IRestorer[] restorers = [.. recipe.Restorers.Select(name => Models.Restoration.Restorers.Create(name, new RestorerOptions { MaxDegreeOfParallelism = 1 }))];
        foreach ((int group, string text) in recipe.Degraded.Index())
        {
            DegradationPipeline pipeline = Pipeline(text);
            _all.Add((new QualityVariant(text, QualityVariantKind.Restored, group, 0), (picture, _, seed) => pipeline.Degrade(picture, seed)));
            foreach ((int step, IRestorer restorer) in restorers.Index())
            {
                _all.Add((
                    new QualityVariant($"{recipe.Restorers[step]} of {text}", QualityVariantKind.Restored, group, step + 1),
                    (picture, _, seed) => restorer.Restore(pipeline.Degrade(picture, seed)).Quantized()));
            }
        }

        Variants = [.. _all.Select(v => v.Variant)];
    }

    /// <summary>The variants.</summary>
    public IReadOnlyList<QualityVariant> Variants { get; }

    /// <summary>Makes one.</summary>
    /// <param name="index">Which.</param>
    /// <param name="picture">The scene.</param>
    /// <param name="texture">A texture of its size.</param>
    /// <param name="seed">The scene's seed: all variants draw the same, so that a pipeline's prefixes agree, and restorers get one input.</param>
    public ImageBuffer Make(int index, ImageBuffer picture, ImageBuffer texture, ulong seed) => _all[index].Change(picture, texture, seed);

    private void AddSweeps(QualityVariantKind kind, IReadOnlyList<string> texts)
    {
        foreach ((int group, string text) in texts.Index())
        {
            foreach ((int step, (string id, QualityChange change)) in QualitySweep.Parse(text).Steps.Index())
                _all.Add((new QualityVariant(id, kind, group, step), change));
        }
    }

    private static DegradationPipeline Pipeline(string text) => DegradationPipeline.Parse(text, DegradationPipelineOptions.Benchmark with { CropMultiple = 1 });
}
