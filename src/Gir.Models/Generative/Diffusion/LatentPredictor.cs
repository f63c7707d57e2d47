using Gir.Models.Backbones.DiffusionUNet;
using Gir.Models.Tensors;

namespace Gir.Models.Generative.Diffusion;

/// <summary>A network's output for a noisy latent: with its control branch, with classifier-free guidance, in overlapping tiles.</summary>
/// <param name="network">The network.</param>
/// <param name="control">What carries the condition into it; null samples without one.</param>
internal sealed class LatentPredictor(DiffusionUNet network, ControlBranch? control)
{
    /// <summary>What transformers ask, [1, tokens, features]; null without.</summary>
    public Tensor? Context { get; init; }

    /// <summary>What they ask on the other side of classifier-free guidance.</summary>
    public Tensor? Unconditioned { get; init; }

    /// <summary>Scale of classifier-free guidance; 1 is without.</summary>
    public double GuidanceScale { get; init; } = 1;

    /// <summary>Whether guidance grows from noise to image.</summary>
    public bool RescalesGuidance { get; init; }

    /// <summary>Timesteps of the schedule.</summary>
    public int ScheduleLength { get; init; } = 1000;

    /// <summary>Factor of all control tensors.</summary>
    public double ControlStrength { get; init; } = 1;

    /// <summary>Side of the tiles; null takes the latent as a whole.</summary>
    public int? Tile { get; init; }

    /// <summary>Distance of neighboring tiles.</summary>
    public int TileStride { get; init; }

    /// <summary>Whether tiles weigh the same from above and below.</summary>
    public bool SymmetricTiles { get; init; }

    /// <summary>The output.</summary>
    /// <param name="x">[n, c, h, w].</param>
    /// <param name="condition">The condition's latent, of the same height and width.</param>
    /// <param name="timestep">The schedule's timestep.</param>
    public Tensor Predict(Tensor x, Tensor? condition, int timestep)
    {
        (int h, int w) = (x.Shape[2], x.Shape[3]);
        if (Tile is not { } size || (h <= size && w <= size))
            return Guided(x, condition, timestep);
        int planes = x.Shape[0] * network.Options.OutputChannels;
        var sums = new double[planes * h * w];
        var weights = new double[h * w];
        foreach (TileWindow window in DiffusionTiles.Windows(h, w, size, TileStride))
        {
            using TensorScope scope = TensorScope.Enter();
            float[] tile = Guided(Crop(x, window), condition is null ? null : Crop(condition, window), timestep).ToArray();
            Add(tile, window, w, sums, weights);
        }

        var values = new float[sums.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)(sums[i] / weights[i % weights.Length]);
        return Tensor.From(values, x.Shape.With(1, network.Options.OutputChannels), x.Backend);
    }

    private void Add(float[] tile, TileWindow window, int width, double[] sums, double[] weights)
    {
        (int rows, int columns) = (window.Bottom - window.Top, window.Right - window.Left);
        double[] own = DiffusionTiles.Weights(rows, columns, SymmetricTiles);
        for (int i = 0; i < tile.Length; i++)
        {
            int inside = i % own.Length;
            int place = ((window.Top + (inside / columns)) * width) + window.Left + (inside % columns);
            sums[(i / own.Length * weights.Length) + place] += tile[i] * own[inside];
            if (i < own.Length)
                weights[place] += own[inside];
        }
    }

    private Tensor Guided(Tensor x, Tensor? condition, int timestep)
    {
        Tensor with = Output(x, condition, timestep, Context);
        double scale = RescalesGuidance ? DiffusionMath.Rescaled(GuidanceScale, timestep, ScheduleLength) : GuidanceScale;
        return GuidanceScale == 1 ? with : DiffusionMath.Guided(with, Output(x, condition, timestep, Unconditioned), scale);
    }

    private Tensor Output(Tensor x, Tensor? condition, int timestep, Tensor? context)
    {
        int[] timesteps = [.. Enumerable.Repeat(timestep, x.Shape[0])];
        if (control is null || condition is null)
            return network.Predict(x, timesteps, context);
        using TensorScope scope = TensorScope.Enter();
        IReadOnlyList<Tensor> controls = control.Control(x, condition, timesteps, context);
        if (ControlStrength != 1)
            controls = [.. controls.Select(c => c * (float)ControlStrength)];
        return scope.Keep(network.Predict(x, timesteps, context, controls));
    }

    private static Tensor Crop(Tensor x, TileWindow window) => x.Narrow(2, window.Top, window.Bottom - window.Top).Narrow(3, window.Left, window.Right - window.Left);
}
