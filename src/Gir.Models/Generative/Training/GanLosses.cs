using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;

namespace Gir.Models.Generative.Training;

/// <summary>Losses of generative adversarial networks and of UGPNet's stages. Scores are [n, 1], images [n, 3, h, w].</summary>
internal static class GanLosses
{
    /// <summary>mean softplus(-D(real)) + mean softplus(D(fake)) (Goodfellow et al. 2014).</summary>
    public static Tensor Discriminator(Tensor real, Tensor fake) => (-real).Softplus().Mean() + fake.Softplus().Mean();

    /// <summary>mean softplus(-D(fake)): the non-saturating form.</summary>
    public static Tensor Generator(Tensor fake) => (-fake).Softplus().Mean();

    /// <summary>R1: the mean over images of the squared norm of the score's gradient (Mescheder, Geiger, Nowozin: "Which Training Methods for GANs do actually Converge?", ICML 2018).</summary>
    /// <param name="discriminator">Scores of images.</param>
    /// <param name="real">Real images.</param>
    public static Tensor GradientPenalty(Func<Tensor, Tensor> discriminator, Tensor real)
    {
        Tensor x = real.Detach();
        x.RequiresGradient = true;
        Tensor gradient = Tape.Gradients(discriminator(x), x)[0];
        // What follows asks for the gradients of weights alone.
        x.RequiresGradient = false;
        return gradient.Square().Sum() * (1f / real.Shape[0]);
    }

    /// <summary>How far images move with their latents, kept near a running mean (Karras et al. 2020, section 3.2).</summary>
    /// <param name="image">Images of the latents.</param>
    /// <param name="latents">[n, l, s], on the way to which gradients are wanted.</param>
    /// <param name="directions">Normal values of the images' shape.</param>
    /// <param name="prior">The running mean so far.</param>
    /// <param name="decay">Share of the new lengths in the running mean.</param>
    /// <param name="throughMean">Whether gradients pass through the mean, as in the original.</param>
    /// <returns>The penalty, the new running mean, and the lengths [n].</returns>
    public static (Tensor Penalty, Tensor Mean, Tensor Lengths) PathLength(
        Tensor image, Tensor latents, Tensor directions, double prior, double decay = 0.01, bool throughMean = true)
    {
        Tensor projected = image * (directions * (float)(1 / Math.Sqrt((double)image.Shape[2] * image.Shape[3])));
        Tensor gradient = Tape.Gradients(projected, latents)[0];
        Tensor lengths = gradient.Square().Sum([2], keepDimensions: false).Mean([1], keepDimensions: false).Sqrt();
        Tensor mean = (lengths.Mean() * (float)decay) + (float)(prior * (1 - decay));
        return ((lengths - (throughMean ? mean : mean.Detach())).Square().Mean(), mean, lengths);
    }

    /// <summary>
    /// LPIPS's distance (Zhang et al. 2018, equation 1): features are normalized over their channels at each pixel; squared differences, weighted by channel, mean over
    /// pixels, sum over layers, mean over images.
    /// </summary>
    /// <param name="a">Layers [n, c, h, w].</param>
    /// <param name="b">The same layers of other images.</param>
    /// <param name="weights">For each layer the weights of its channels, [1, c, 1, 1]; null means ones.</param>
    public static Tensor FeatureDistance(IReadOnlyList<Tensor> a, IReadOnlyList<Tensor> b, IReadOnlyList<Tensor>? weights = null)
    {
        Tensor? sum = null;
        for (int i = 0; i < a.Count; i++)
        {
            Tensor squares = (Normalized(a[i]) - Normalized(b[i])).Square();
            Tensor layer = (weights is null ? squares : squares * weights[i]).Sum([1], keepDimensions: false).Mean();
            sum = sum is null ? layer : sum + layer;
        }

        return sum!;

        // The root's derivative at zero is infinite: a vector of zeros has a norm of 1e-10 instead.
        static Tensor Normalized(Tensor x) => x / ((x.Square().Sum([1], keepDimensions: true) + 1e-20f).Sqrt() + 1e-10f);
    }

    /// <summary>
    /// The contextual loss (Mechrez, Talmi, Zelnik-Manor: "The Contextual Loss for Image Transformation with Non-Aligned Data", ECCV 2018) in UGPNet's form: for every feature of
    /// y the likeliest feature of x, weighted by how near that is.
    /// </summary>
    /// <param name="x">Features [n, c, h, w].</param>
    /// <param name="y">Features to find in x, same shape.</param>
    /// <param name="bandwidth">The h of equation 3.</param>
    public static Tensor Contextual(Tensor x, Tensor y, float bandwidth = 0.5f)
    {
        (int n, int c, int points) = (x.Shape[0], x.Shape[1], x.Shape[2] * x.Shape[3]);
        Tensor mean = y.Mean([0, 2, 3], keepDimensions: true);
        Tensor from = (x - mean).NormalizeL2(1).Reshape(n, c, points).Permute(0, 2, 1);
        Tensor to = (y - mean).NormalizeL2(1).Reshape(n, c, points);
        Tensor distances = (1 - from.MatMul(to)).Clamp(minimum: 0);
        Tensor relative = distances / (1e-5f - (-distances).Max(2, keepDimensions: true));
        Tensor likely = ((1 - relative) * (1 / bandwidth)).Exp();
        likely /= likely.Sum([2], keepDimensions: true);
        int[] best = Largest(likely);
        Tensor found = likely.Reshape(-1, 1).GatherRows(best).Reshape(n, points);
        Tensor weights = ((1 - distances.Reshape(-1, 1).GatherRows(best).Reshape(n, points)) * (1 / bandwidth)).Exp();
        Tensor similarity = (weights * found).Sum([1], keepDimensions: false) / weights.Sum([1], keepDimensions: false);
        return -(similarity + 1e-5f).Log().Mean();
    }

    /// <summary>Patches of images without overlap, stacked along the batch: the place slowest, the image fastest; what is left over is dropped.</summary>
    public static Tensor Patches(Tensor x, int size)
    {
        var patches = new List<Tensor>();
        for (int top = 0; top + size <= x.Shape[2]; top += size)
        {
            for (int left = 0; left + size <= x.Shape[3]; left += size)
                patches.Add(x.Narrow(2, top, size).Narrow(3, left, size));
        }

        return TensorOps.Concatenate(0, [.. patches]);
    }

    // For every image and column the place of its largest row, as indices of all elements; the first of equals.
    private static int[] Largest(Tensor x)
    {
        (int n, int rows, int columns) = (x.Shape[0], x.Shape[1], x.Shape[2]);
        float[] values = x.ToArray();
        var places = new int[n * columns];
        for (int image = 0; image < n; image++)
        {
            for (int column = 0; column < columns; column++)
            {
                int best = (image * rows * columns) + column;
                for (int row = 1; row < rows; row++)
                {
                    int place = (((image * rows) + row) * columns) + column;
                    best = values[place] > values[best] ? place : best;
                }

                places[(image * columns) + column] = best;
            }
        }

        return places;
    }
}
