using Gir.Imaging.Random;

namespace Gir.Metrics.Opinions;

/// <summary>Images in the order of their scenes, and the blocks of scenes that resamples draw.</summary>
internal sealed class SceneBlocks
{
    // Every resample weighs all pairs of blocks. With 512 of them the error of an interval's width is about 1 / sqrt(1024), 3 per cent.
    private const int MostBlocks = 512;

    public SceneBlocks(IReadOnlyList<Opinion> opinions, ulong seed)
    {
        // An image without a scene stands for itself, and never for the scene of that name.
        IGrouping<(string Name, bool IsScene), int>[] scenes =
        [
            .. Enumerable.Range(0, opinions.Count)
                .GroupBy(i => opinions[i].Group is { } group ? (group.ToUpperInvariant(), true) : (opinions[i].Image.ToUpperInvariant(), false)),
        ];
        Scenes = scenes.Length;
        HasScenes = opinions.Any(o => o.Group is not null);
        int blocks = Math.Min(scenes.Length, MostBlocks);
        if (blocks < scenes.Length)
            Shuffle(scenes, new PhiloxRandom(seed, uint.MaxValue));
        var order = new List<int>(opinions.Count);
        var starts = new List<int>();
        var sceneStarts = new List<int>();
        for (int b = 0; b < blocks; b++)
        {
            starts.Add(order.Count);
            for (int s = b; s < scenes.Length; s += blocks)
            {
                sceneStarts.Add(order.Count);
                SceneBlock.Add(b);
                order.AddRange(scenes[s]);
            }
        }

        starts.Add(order.Count);
        sceneStarts.Add(order.Count);
        (Order, Starts, SceneStarts) = ([.. order], [.. starts], [.. sceneStarts]);
    }

    /// <summary>How many scenes there are.</summary>
    public int Scenes { get; }

    /// <summary>Whether any opinion names its scene.</summary>
    public bool HasScenes { get; }

    /// <summary>Indices of the opinions, block by block and scene by scene.</summary>
    public int[] Order { get; }

    /// <summary>Where each block starts in that order, and its end.</summary>
    public int[] Starts { get; }

    /// <summary>Where each scene starts in that order, and its end.</summary>
    public int[] SceneStarts { get; }

    /// <summary>The block of each scene, in that order.</summary>
    public List<int> SceneBlock { get; } = [];

    private static void Shuffle<T>(T[] items, PhiloxRandom random)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = random.NextInteger(0, i);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
