namespace Gir.Models.Features;

/// <summary>A convolution of Inception with its normalization and rectifier.</summary>
/// <param name="Name">Its name in torchvision, e.g. "Mixed_5b.branch1x1".</param>
/// <param name="Height">Rows of the kernel.</param>
/// <param name="Width">Columns of the kernel.</param>
/// <param name="Stride">Step.</param>
/// <param name="IsPadded">Whether zeros around keep the size.</param>
internal readonly record struct InceptionStep(string Name, int Height, int Width, int Stride, bool IsPadded);

/// <summary>What is done with Inception's graph: its channels are counted, or images run through it.</summary>
/// <typeparam name="T">What flows through the graph.</typeparam>
internal interface IInceptionWalk<T>
{
    /// <summary>Convolution, normalization, rectifier.</summary>
    T Convolve(T x, InceptionStep step);

    /// <summary>The largest of 3 x 3.</summary>
    T Largest(T x, int stride, int padding);

    /// <summary>The mean of what lies inside the map among 3 x 3, at every place.</summary>
    T Average(T x);

    /// <summary>The channels of all, one after another.</summary>
    T Join(params ReadOnlySpan<T> parts);
}

/// <summary>
/// Inception-v3 (Szegedy, Vanhoucke, Ioffe, Shlens, Wojna: "Rethinking the Inception Architecture for Computer Vision", CVPR 2016) as the FID of Heusel et al. (2017) looks
/// through it: in TensorFlow's graph of 2015-12-05 averages leave out what lies outside of the map, and the last block's pool takes the largest instead of the mean.
/// </summary>
internal static class InceptionGraph
{
    /// <summary>The four blocks of pytorch-fid before they are averaged: 64, 192, 768 and 2048 channels as published.</summary>
    public static IReadOnlyList<T> Blocks<T>(IInceptionWalk<T> walk, T x)
    {
        T first = walk.Largest(Chain(walk, x, Valid("Conv2d_1a_3x3", 3, 2), Valid("Conv2d_2a_3x3", 3, 1), Same("Conv2d_2b_3x3", 3, 3)), 2, 0);
        T second = walk.Largest(Chain(walk, first, Same("Conv2d_3b_1x1", 1, 1), Valid("Conv2d_4a_3x3", 3, 1)), 2, 0);
        T third = SmallFilters(walk, second, "Mixed_5b");
        third = SmallFilters(walk, third, "Mixed_5c");
        third = SmallFilters(walk, third, "Mixed_5d");
        third = walk.Join(
            Chain(walk, third, Valid("Mixed_6a.branch3x3", 3, 2)),
            Chain(walk, third, Same("Mixed_6a.branch3x3dbl_1", 1, 1), Same("Mixed_6a.branch3x3dbl_2", 3, 3), Valid("Mixed_6a.branch3x3dbl_3", 3, 2)),
            walk.Largest(third, 2, 0));
        foreach (string name in new[] { "Mixed_6b", "Mixed_6c", "Mixed_6d", "Mixed_6e" })
            third = LongFilters(walk, third, name);
        T fourth = walk.Join(
            Chain(walk, third, Same("Mixed_7a.branch3x3_1", 1, 1), Valid("Mixed_7a.branch3x3_2", 3, 2)),
            Chain(walk, third, Same("Mixed_7a.branch7x7x3_1", 1, 1), Same("Mixed_7a.branch7x7x3_2", 1, 7), Same("Mixed_7a.branch7x7x3_3", 7, 1), Valid("Mixed_7a.branch7x7x3_4", 3, 2)),
            walk.Largest(third, 2, 0));
        fourth = SplitFilters(walk, fourth, "Mixed_7b", walk.Average(fourth));
        return [first, second, third, SplitFilters(walk, fourth, "Mixed_7c", walk.Largest(fourth, 1, 1))];
    }

    private static T SmallFilters<T>(IInceptionWalk<T> walk, T x, string name) => walk.Join(
        Chain(walk, x, Same(name + ".branch1x1", 1, 1)),
        Chain(walk, x, Same(name + ".branch5x5_1", 1, 1), Same(name + ".branch5x5_2", 5, 5)),
        Chain(walk, x, Same(name + ".branch3x3dbl_1", 1, 1), Same(name + ".branch3x3dbl_2", 3, 3), Same(name + ".branch3x3dbl_3", 3, 3)),
        Chain(walk, walk.Average(x), Same(name + ".branch_pool", 1, 1)));

    private static T LongFilters<T>(IInceptionWalk<T> walk, T x, string name) => walk.Join(
        Chain(walk, x, Same(name + ".branch1x1", 1, 1)),
        Chain(walk, x, Same(name + ".branch7x7_1", 1, 1), Same(name + ".branch7x7_2", 1, 7), Same(name + ".branch7x7_3", 7, 1)),
        Chain(
            walk, x, Same(name + ".branch7x7dbl_1", 1, 1), Same(name + ".branch7x7dbl_2", 7, 1), Same(name + ".branch7x7dbl_3", 1, 7), Same(name + ".branch7x7dbl_4", 7, 1),
            Same(name + ".branch7x7dbl_5", 1, 7)),
        Chain(walk, walk.Average(x), Same(name + ".branch_pool", 1, 1)));

    private static T SplitFilters<T>(IInceptionWalk<T> walk, T x, string name, T pooled)
    {
        T three = Chain(walk, x, Same(name + ".branch3x3_1", 1, 1));
        T twice = Chain(walk, x, Same(name + ".branch3x3dbl_1", 1, 1), Same(name + ".branch3x3dbl_2", 3, 3));
        return walk.Join(
            Chain(walk, x, Same(name + ".branch1x1", 1, 1)),
            Chain(walk, three, Same(name + ".branch3x3_2a", 1, 3)),
            Chain(walk, three, Same(name + ".branch3x3_2b", 3, 1)),
            Chain(walk, twice, Same(name + ".branch3x3dbl_3a", 1, 3)),
            Chain(walk, twice, Same(name + ".branch3x3dbl_3b", 3, 1)),
            Chain(walk, pooled, Same(name + ".branch_pool", 1, 1)));
    }

    private static T Chain<T>(IInceptionWalk<T> walk, T x, params ReadOnlySpan<InceptionStep> steps)
    {
        foreach (InceptionStep step in steps)
            x = walk.Convolve(x, step);
        return x;
    }

    private static InceptionStep Same(string name, int height, int width) => new(name, height, width, 1, true);

    private static InceptionStep Valid(string name, int kernel, int stride) => new(name, kernel, kernel, stride, false);
}
