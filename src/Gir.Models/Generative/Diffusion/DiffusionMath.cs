using Gir.Models.Tensors;

namespace Gir.Models.Generative.Diffusion;

/// <summary>How image, noise and what a network predicts follow from one another; scalars in double, rounded once.</summary>
internal static class DiffusionMath
{
    /// <summary>Images with noise: sqrt(abar) image + sqrt(1 - abar) noise.</summary>
    public static Tensor Noisy(Tensor image, Tensor noise, double alphaBar) => Mix(image, Math.Sqrt(alphaBar), noise, Math.Sqrt(1 - alphaBar));

    /// <summary>The same with an abar for each image.</summary>
    public static Tensor Noisy(Tensor images, Tensor noise, IReadOnlyList<double> alphaBars) =>
        (images * PerImage(images, alphaBars.Select(Math.Sqrt))) + (noise * PerImage(images, alphaBars.Select(a => Math.Sqrt(1 - a))));

    /// <summary>What a network learns to predict of noisy images.</summary>
    public static Tensor Target(DiffusionPrediction prediction, Tensor images, Tensor noise, IReadOnlyList<double> alphaBars) => prediction switch
    {
        DiffusionPrediction.Noise => noise,
        DiffusionPrediction.Image => images,
        _ => (noise * PerImage(images, alphaBars.Select(Math.Sqrt))) - (images * PerImage(images, alphaBars.Select(a => Math.Sqrt(1 - a)))),
    };

    /// <summary>The image that a prediction means.</summary>
    public static Tensor Image(DiffusionPrediction prediction, Tensor x, Tensor output, double alphaBar) => prediction switch
    {
        DiffusionPrediction.Noise => Mix(x, Math.Sqrt(1 / alphaBar), output, -Math.Sqrt((1 / alphaBar) - 1)),
        DiffusionPrediction.Velocity => Mix(x, Math.Sqrt(alphaBar), output, -Math.Sqrt(1 - alphaBar)),
        _ => output,
    };

    /// <summary>The noise that a prediction means.</summary>
    public static Tensor Noise(DiffusionPrediction prediction, Tensor x, Tensor output, double alphaBar) => prediction switch
    {
        DiffusionPrediction.Noise => output,
        DiffusionPrediction.Velocity => Mix(x, Math.Sqrt(1 - alphaBar), output, Math.Sqrt(alphaBar)),
        _ => Mix(x, 1 / Math.Sqrt(1 - alphaBar), output, -Math.Sqrt(alphaBar / (1 - alphaBar))),
    };

    /// <summary>Classifier-free guidance (Ho, Salimans 2022): without + scale (with - without).</summary>
    public static Tensor Guided(Tensor with, Tensor without, double scale) => without + ((with - without) * (float)scale);

    /// <summary>A guidance scale that grows on the way from noise to image: 1 + g (1 - cos(pi ((T - t) / T)^5)) / 2.</summary>
    public static double Rescaled(double scale, int timestep, int total) => 1 + (scale * (1 - Math.Cos(Math.PI * Math.Pow((double)(total - timestep) / total, 5))) / 2);

    /// <summary>a x + b y.</summary>
    public static Tensor Mix(Tensor x, double a, Tensor y, double b) => (x * (float)a) + (y * (float)b);

    private static Tensor PerImage(Tensor images, IEnumerable<double> values)
    {
        var sizes = new int[images.Rank];
        Array.Fill(sizes, 1);
        sizes[0] = images.Shape[0];
        return Tensor.From([.. values.Select(v => (float)v)], TensorShape.Create(sizes), images.Backend);
    }
}
