using Gir.Models.Tensors;

namespace Gir.Models.Features;

/// <summary>A convolution of a chain.</summary>
/// <param name="Index">Its place in torchvision's "features".</param>
/// <param name="Kernel">Height and width.</param>
/// <param name="Stride">Step.</param>
/// <param name="Padding">Zeros around.</param>
/// <param name="PoolsBefore">Whether the maps are pooled before it.</param>
/// <param name="IsLayer">Whether its rectified result is a layer that metrics look at.</param>
internal sealed record PerceptualStep(int Index, int Kernel, int Stride, int Padding, bool PoolsBefore, bool IsLayer);

/// <summary>The chains that learned metrics look through, as torchvision has them, up to the last layer that is looked at.</summary>
internal sealed record PerceptualLayout(string Name, int PoolKernel, int MinimumSize, IReadOnlyList<PerceptualStep> Steps)
{
    /// <summary>VGG-16 (Simonyan, Zisserman, ICLR 2015), layers relu1_2, relu2_2, relu3_3, relu4_3, relu5_3.</summary>
    public static PerceptualLayout Vgg16 { get; } = new(
        "vgg16",
        2,
        16,
        [.. new[] { 0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28 }.Select(i => new PerceptualStep(i, 3, 1, 1, i is 5 or 10 or 17 or 24, i is 2 or 7 or 14 or 21 or 28))]);

    /// <summary>VGG-19 (Simonyan, Zisserman, ICLR 2015) as far as the contextual loss looks, layers relu1_2, relu2_2, relu3_4.</summary>
    public static PerceptualLayout Vgg19 { get; } = new(
        "vgg19",
        2,
        4,
        [.. new[] { 0, 2, 5, 7, 10, 12, 14, 16 }.Select(i => new PerceptualStep(i, 3, 1, 1, i is 5 or 10, i is 2 or 7 or 16))]);

    /// <summary>AlexNet (Krizhevsky, 2014), layers relu1 to relu5.</summary>
    public static PerceptualLayout AlexNet { get; } = new(
        "alexnet",
        3,
        31,
        [new(0, 11, 4, 2, false, true), new(3, 5, 1, 2, true, true), new(6, 3, 1, 1, true, true), new(8, 3, 1, 1, false, true), new(10, 3, 1, 1, false, true)]);

    /// <summary>The chain that these weights belong to; null for none of them. VGG-19's fourth convolution of the third block stands where VGG-16 pools.</summary>
    public static PerceptualLayout? Of(IReadOnlyDictionary<string, TensorShape> shapes) =>
        new[] { Vgg19, Vgg16, AlexNet }.FirstOrDefault(l => l.Steps.All(s => shapes.ContainsKey($"features.{s.Index}.weight")));
}
