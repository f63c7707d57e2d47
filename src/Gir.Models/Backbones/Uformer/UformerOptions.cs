namespace Gir.Models.Backbones.Uformer;

/// <summary>Configuration of <see cref="Uformer"/>; the default is the published Uformer-B as its authors test it.</summary>
internal sealed record UformerOptions
{
    /// <summary>
    /// The side the network was built for. It does not limit inputs, but where a level of it is no larger than a window, windows shrink to that
    /// level and do not shift: 128 (the authors' tests) and 256 give different outputs from the same weights.
    /// </summary>
    public int ImageSize { get; init; } = 128;

    /// <summary>Channels of the input; the input is added to the output where there are 3.</summary>
    public int InputChannels { get; init; } = 3;

    /// <summary>Channels of the output.</summary>
    public int OutputChannels { get; init; } = 3;

    /// <summary>Channels of the first level: 16 (T) or 32 (S, B); each level below has twice as many.</summary>
    public int Width { get; init; } = 32;

    /// <summary>Transformer blocks: four encoder levels, the bottleneck, four decoder levels.</summary>
    public IReadOnlyList<int> Depths { get; init; } = [1, 2, 8, 8, 2, 8, 8, 2, 1];

    /// <summary>Attention heads of the same nine.</summary>
    public IReadOnlyList<int> Heads { get; init; } = [1, 2, 4, 8, 16, 16, 8, 4, 2];

    /// <summary>Side of an attention window.</summary>
    public int WindowSize { get; init; } = 8;

    /// <summary>Hidden width of the feed-forward network divided by the width.</summary>
    public double MlpRatio { get; init; } = 4;

    /// <summary>Whether queries, keys and values have a bias.</summary>
    public bool QkvBias { get; init; } = true;

    /// <summary>Whether decoder blocks add a learned modulator to each window's tokens.</summary>
    public bool Modulator { get; init; } = true;

    /// <summary>Whether every second block shifts its windows.</summary>
    public bool Shifts { get; init; } = true;

    /// <summary>Seed of the initial weights.</summary>
    public ulong Seed { get; init; }

    /// <summary>Inputs are padded to squares of a multiple of this: whole windows on all levels.</summary>
    internal int SizeMultiple
    {
        get
        {
            int multiple = 1;
            for (int level = 0; level <= 4; level++)
                multiple = LeastCommonMultiple(multiple, WindowAt(level) << level);
            return multiple;
        }
    }

    /// <summary>The window on a level, 0 being the image's.</summary>
    internal int WindowAt(int level) => Math.Min(WindowSize, ImageSize >> level);

    /// <summary>Whether windows shift on a level.</summary>
    internal bool ShiftsAt(int level) => Shifts && (ImageSize >> level) > WindowSize;

    internal void Validate()
    {
        OptionChecks.AtLeast(InputChannels, 1);
        OptionChecks.AtLeast(OutputChannels, 1);
        OptionChecks.AtLeast(Width, 1);
        OptionChecks.Counts(Depths, 9);
        OptionChecks.Counts(Heads, 9);
        OptionChecks.PositiveNumber(MlpRatio);
        if (WindowSize is < 2 or > 256)
            throw new ArgumentOutOfRangeException(nameof(WindowSize), WindowSize, "Expected 2..256.");
        if (ImageSize < 16 || ImageSize % 16 != 0)
            throw new ArgumentOutOfRangeException(nameof(ImageSize), ImageSize, "Expected a multiple of 16.");
        for (int i = 0; i < 9; i++)
            OptionChecks.HeadsDivide(Width << Uformer.Wideness(i), Heads[i]);
        if (InputChannels == 3 && OutputChannels is not (1 or 3))
            throw new ArgumentOutOfRangeException(nameof(OutputChannels), OutputChannels, "Expected 3, as the input of 3 channels is added.");
    }

    private static int LeastCommonMultiple(int a, int b)
    {
        (int x, int y) = (a, b);
        while (y != 0)
            (x, y) = (y, x % y);
        return a / x * b;
    }
}
