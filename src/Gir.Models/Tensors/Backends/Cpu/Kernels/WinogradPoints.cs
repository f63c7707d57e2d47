namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>
/// The points of Winograd's minimal filtering with tiles of 6: 0, 3/4, -3/4, 3/2, -3/2 and infinity. All algorithms of six points, F(4, 3), F(3, 4),
/// F(2, 5) and F(5, 2), share the transform B^T of the tile, whose rows are the coefficients of the product of (x - q) over the finite points q other than the
/// row's own. A filter's transform evaluates its polynomial at the points, and that of the result is the transpose of an evaluation; one of them is
/// divided by the products n(p) of p's distances from the other finite points. These points make half the error of 0, 1, -1, 2, -2 (root mean square 2.0e-6 against
/// 4.4e-6 in gradients of weights) for the same work, and every coefficient is exact.
/// </summary>
internal static class WinogradPoints
{
    /// <summary>Points per direction.</summary>
    public const int Count = 6;

    /// <summary>The inner pair of points, plus and minus.</summary>
    public const float Near = 0.75f;

    /// <summary>The outer pair.</summary>
    public const float Far = 1.5f;

    /// <summary>Square of the inner points.</summary>
    public const float NearSquare = Near * Near;

    /// <summary>Square of the outer points.</summary>
    public const float FarSquare = Far * Far;

    /// <summary>1 / n(0).</summary>
    public const double AtZero = 1 / ((double)NearSquare * FarSquare);

    /// <summary>1 / n of the inner points.</summary>
    public const double AtNear = 1 / (2.0 * NearSquare * (NearSquare - FarSquare));

    /// <summary>1 / n of the outer points.</summary>
    public const double AtFar = 1 / (2.0 * FarSquare * (FarSquare - NearSquare));
}
