using TorchSharp;

namespace Gir.Models.TorchSharp;

/// <summary>
/// Constants of operators. TorchSharp hands the native part a constant's bare address: the collector may free it under the call where nobody holds it any more, and
/// those that TorchSharp makes itself (the factor 1 of a plain addition) nobody holds. So every constant is made here, and the thread's last ones stay reachable.
/// </summary>
internal static class Numbers
{
    // No operator uses as many between making a constant and the end of its call.
    private const int Kept = 64;

    [ThreadStatic]
    private static Scalar[]? s_kept;

    [ThreadStatic]
    private static int s_next;

    /// <summary>A constant that outlives the call it is made for.</summary>
    public static Scalar Number(double value)
    {
        Scalar scalar = value;
        Scalar[] kept = s_kept ??= new Scalar[Kept];
        kept[s_next++ % Kept] = scalar;
        s_next %= Kept;
        return scalar;
    }

    /// <summary>x + y.</summary>
    public static torch.Tensor Plus(this torch.Tensor x, torch.Tensor y) => x.add(y, Number(1));

    /// <summary>x + value.</summary>
    public static torch.Tensor Plus(this torch.Tensor x, double value) => x.add(Number(value), Number(1));

    /// <summary>x += factor y.</summary>
    public static torch.Tensor Add(this torch.Tensor x, torch.Tensor y, double factor = 1) => x.add_(y, Number(factor));

    /// <summary>x += value.</summary>
    public static torch.Tensor Add(this torch.Tensor x, double value) => x.add_(Number(value), Number(1));

    /// <summary>value x.</summary>
    public static torch.Tensor Times(this torch.Tensor x, double value) => x.mul(Number(value));

    /// <summary>x *= value.</summary>
    public static torch.Tensor Scale(this torch.Tensor x, double value) => x.mul_(Number(value));
}
