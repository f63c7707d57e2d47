using Gir.Imaging;
using Gir.Imaging.Random;

namespace Gir.Degradations.Tests;

/// <summary>Small operators of the tests' own: the frame must serve operators that it does not know.</summary>
internal static class FrameOperators
{
    public static DegradationCatalog Catalog { get; } =
        DegradationCatalog.Standard.With(Shift.Descriptor).With(Sky.Descriptor).With(Scatter.Descriptor);

    public static DegradationPipelineOptions Options { get; } = new() { Catalog = Catalog };

    public enum ShiftMode
    {
        Plain,
        TwiceOver,
    }

    /// <summary>Adds a constant.</summary>
    public sealed record Shift : IDegradation
    {
        public static readonly DegradationParameter LevelsParameter = DegradationParameter.Number("levels", -255, 255, "levels", "What is added.");
        public static readonly DegradationParameter TimesParameter = DegradationParameter.Integer("times", 1, 9, "", "How often.", odd: true);
        public static readonly DegradationParameter ModeParameter = DegradationParameter.Choice<ShiftMode>("mode", "Whether twice.");
        public static readonly DegradationParameter DownParameter = DegradationParameter.Flag("down", "Whether subtracted.");

        public static DegradationDescriptor Descriptor { get; } = DegradationDescriptor.Define<Shift>(
            "shift",
            "Adds a constant.",
            (random, _) => new Shift { Levels = random.NextUniform(-10, 10), Times = (2 * random.NextInteger(0, 4)) + 1, Mode = (ShiftMode)random.NextInteger(0, 1), Down = random.NextBoolean() },
            [
                LevelsParameter.Bind<Shift>(s => s.Levels, (s, v) => s with { Levels = v.Number }),
                TimesParameter.Bind<Shift>(s => s.Times, (s, v) => s with { Times = v.Integer }),
                ModeParameter.Bind<Shift>(s => DegradationValue.OfChoice(s.Mode), (s, v) => s with { Mode = v.Choice<ShiftMode>() }),
                DownParameter.Bind<Shift>(s => s.Down, (s, v) => s with { Down = v.Flag }),
            ]);

        public double Levels { get; init => field = LevelsParameter.Check(value); } = 0.4;

        public int Times { get; init => field = TimesParameter.Check(value); } = 1;

        public ShiftMode Mode { get; init => field = ModeParameter.Check(value); }

        public bool Down { get; init; }

        public string Name => "shift";

        public ImageBuffer Apply(ImageBuffer image, DegradationContext context)
        {
            ImageBuffer result = image.Clone();
            foreach (ref float sample in result.Samples)
                sample += (float)(Levels / 255);
            return result;
        }
    }

    /// <summary>Weather that shows the depth it was given.</summary>
    public sealed record Sky : IDegradation
    {
        public static DegradationDescriptor Descriptor { get; } =
            DegradationDescriptor.Define<Sky>("sky", "Adds the depth.", (_, _) => new Sky(), [], isWeather: true, usesDepth: true);

        public string Name => "sky";

        public ImageBuffer Apply(ImageBuffer image, DegradationContext context)
        {
            ImageBuffer result = image.Clone();
            for (int c = 0; c < image.Channels; c++)
            {
                for (int i = 0; i < image.PlaneLength; i++)
                    result.Plane(c)[i] = context.Depth!.Plane(0)[i];
            }

            return result;
        }
    }

    /// <summary>Random noise, and one draw that it tells.</summary>
    public sealed record Scatter : IDegradation
    {
        public static DegradationDescriptor Descriptor { get; } =
            DegradationDescriptor.Define<Scatter>("scatter", "Uniform noise.", (_, _) => new Scatter(), []);

        public string Name => "scatter";

        public ImageBuffer Apply(ImageBuffer image, DegradationContext context)
        {
            var random = new PhiloxRandom(context.Seed);
            ImageBuffer result = image.Clone();
            double strength = random.NextUniform(0.1, 0.5);
            context.OnDrawn?.Invoke("strength", strength);
            foreach (ref float sample in result.Samples)
                sample += (float)random.NextUniform(-strength, strength);
            return result;
        }
    }
}
