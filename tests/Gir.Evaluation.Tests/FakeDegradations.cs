using Gir.Degradations;
using Gir.Degradations.Tasks;
using Gir.Imaging;
using Gir.Imaging.Random;

namespace Gir.Evaluation.Tests;

/// <summary>Operators of the tests' own, quick and simple.</summary>
internal static class FakeDegradations
{
    private static readonly DegradationCatalog Catalog = DegradationCatalog.Standard.With(Grain.Descriptor).With(Veil.Descriptor);

    public static DegradationTask Task(string id, string expression) =>
        new(id, DegradationPipeline.Parse(expression, new DegradationPipelineOptions { Catalog = Catalog, CropMultiple = 4 }));

    public static DegradationTask[] Tasks(int count) => [.. Enumerable.Range(1, count).Select(i => Task($"{i}", string.Join(" + ", Enumerable.Repeat("grain", i))))];

    /// <summary>Uniform noise of one tenth.</summary>
    public sealed record Grain : IDegradation
    {
        public static DegradationDescriptor Descriptor { get; } = DegradationDescriptor.Define("grain", "Uniform noise.", (_, _) => new Grain(), []);

        /// <summary>How often any instance was applied.</summary>
        public static int Applications;

        public string Name => "grain";

        public ImageBuffer Apply(ImageBuffer image, DegradationContext context)
        {
            Interlocked.Increment(ref Applications);
            float[] noise = new float[image.Samples.Length];
            Philox4x32.FillUniform(noise, context.Seed);
            for (int i = 0; i < noise.Length; i++)
                noise[i] = image.Array[i] + ((noise[i] - 0.5f) * 0.1f);
            return new ImageBuffer(image.Channels, image.Height, image.Width, noise);
        }
    }

    /// <summary>Mixes with depth.</summary>
    public sealed record Veil : IDegradation
    {
        public static DegradationDescriptor Descriptor { get; } = DegradationDescriptor.Define("veil", "Depth as a veil.", (_, _) => new Veil(), [], isWeather: true, usesDepth: true);

        public string Name => "veil";

        public ImageBuffer Apply(ImageBuffer image, DegradationContext context)
        {
            ImageBuffer result = image.Clone();
            for (int c = 0; c < image.Channels; c++)
            {
                for (int i = 0; i < image.PlaneLength; i++)
                    result.Plane(c)[i] = (0.5f * image.Plane(c)[i]) + (0.5f * context.Depth!.Samples[i]);
            }

            return result;
        }
    }
}
