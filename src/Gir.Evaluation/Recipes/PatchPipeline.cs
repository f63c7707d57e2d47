using Gir.Degradations;
using Gir.Degradations.Damage;
using Gir.Imaging;
using Gir.Imaging.Random;

namespace Gir.Evaluation.Recipes;

/// <summary>Degrades a patch as the benchmark degrades images: rounded to 8 bits after every operator, but not cropped.</summary>
internal sealed class PatchPipeline
{
    /// <summary>The benchmark's settings, without its cropping.</summary>
    public static readonly DegradationPipelineOptions Options = DegradationPipelineOptions.Benchmark with { CropMultiple = 1 };

    private readonly (DegradationPipeline Pipeline, bool IsFramed)[] _parts;
    private readonly int? _damageFrame;

    /// <summary>Builds the pipeline.</summary>
    /// <param name="operators">The operators, none of them weather.</param>
    /// <param name="damageFrame">Side of the square that damage is drawn on; null: the patch itself.</param>
    public PatchPipeline(IReadOnlyList<IDegradation> operators, int? damageFrame)
    {
        _damageFrame = damageFrame;
        _parts = damageFrame is null && operators.Count > 0
            ? [(new DegradationPipeline(operators, Options), false)]
            : [.. Split(operators)];
    }

    /// <summary>The degraded patch, of the same size; the patch itself where there is no operator.</summary>
    public ImageBuffer Degrade(ImageBuffer patch, PhiloxRandom random)
    {
        ImageBuffer current = patch;
        foreach ((DegradationPipeline pipeline, bool isFramed) in _parts)
            current = isFramed ? InFrame(pipeline, current, random) : pipeline.Degrade(current, random.NextSeed());
        return current;
    }

    /// <summary>Runs of operators with each damage by itself.</summary>
    private static IEnumerable<(DegradationPipeline Pipeline, bool IsFramed)> Split(IReadOnlyList<IDegradation> operators)
    {
        var run = new List<IDegradation>();
        foreach (IDegradation step in operators)
        {
            if (step is not DamageDegradation { Pattern: DamagePattern.Lines })
            {
                run.Add(step);
                continue;
            }

            if (run.Count > 0)
                yield return (new DegradationPipeline(run, Options), false);
            run.Clear();
            yield return (new DegradationPipeline([step], Options), true);
        }

        if (run.Count > 0)
            yield return (new DegradationPipeline(run, Options), false);
    }

    private ImageBuffer InFrame(DegradationPipeline pipeline, ImageBuffer patch, PhiloxRandom random)
    {
        int height = Math.Max(_damageFrame!.Value, patch.Height);
        int width = Math.Max(_damageFrame.Value, patch.Width);
        int top = random.NextInteger(0, height - patch.Height);
        int left = random.NextInteger(0, width - patch.Width);
        // What surrounds the patch is thrown away, so it may as well be black.
        var frame = new ImageBuffer(patch.Channels, height, width);
        for (int c = 0; c < patch.Channels; c++)
        {
            for (int y = 0; y < patch.Height; y++)
                patch.Row(c, y).CopyTo(frame.Row(c, top + y)[left..]);
        }

        return pipeline.Degrade(frame, random.NextSeed()).Crop(top, left, patch.Height, patch.Width);
    }
}
