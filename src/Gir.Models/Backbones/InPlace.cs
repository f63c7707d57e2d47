using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;

namespace Gir.Models.Backbones;

/// <summary>
/// Operators that while gradients are off write their result over an operand, which the caller has just made and does not use again: inference then
/// needs one tensor less and stays in warm memory. While gradients are recorded they are the ordinary ones.
/// </summary>
internal static class InPlace
{
    /// <summary>max(x, 0) over x.</summary>
    public static Tensor ReluInPlace(this Tensor x) => x.ApplyInPlace(new(UnaryFunction.Relu));

    /// <summary>x, or slope x where negative, over x.</summary>
    public static Tensor LeakyReluInPlace(this Tensor x, float slope = 0.01f) => x.ApplyInPlace(new(UnaryFunction.LeakyRelu, slope));

    /// <summary>The Gaussian error linear unit over x.</summary>
    public static Tensor GeluInPlace(this Tensor x) => x.ApplyInPlace(new(UnaryFunction.Gelu));

    /// <summary>scale x over x.</summary>
    public static Tensor ScaleInPlace(this Tensor x, float scale)
    {
        if (Tape.IsRecording)
            return x * scale;
        x.Backend.ScaleAndShift(x, scale, 0, x);
        GC.KeepAlive(x);
        return x;
    }

    /// <summary>y + scale x over y; x has y's shape.</summary>
    public static Tensor AddInPlace(this Tensor y, Tensor x, float scale = 1)
    {
        TensorOps.CheckEngine("add", y, x);
        if (Tape.IsRecording || y.Shape != x.Shape)
            return y + (scale == 1 ? x : x * scale);
        y.Backend.AddScaled(x, scale, y);
        GC.KeepAlive(x);
        return y;
    }

    private static Tensor ApplyInPlace(this Tensor x, UnaryOperation operation)
    {
        if (Tape.IsRecording)
            return x.Apply(operation);
        x.Backend.Unary(operation, x, x);
        GC.KeepAlive(x);
        return x;
    }
}
