namespace Gir.Imaging;

/// <summary>What lies beyond the edge of an image; shown for a row "a b c d" padded by three.</summary>
public enum PadMode
{
    /// <summary>0 0 0 | a b c d | 0 0 0.</summary>
    Zero,

    /// <summary>a a a | a b c d | d d d (OpenCV BORDER_REPLICATE, NumPy "edge").</summary>
    Replicate,

    /// <summary>d c b | a b c d | c b a (OpenCV BORDER_REFLECT_101, torch and NumPy "reflect").</summary>
    Reflect101,

    /// <summary>c b a | a b c d | d c b (OpenCV BORDER_REFLECT, NumPy and MATLAB "symmetric").</summary>
    Symmetric,

    /// <summary>A straight line from the edge value down to 0 at the outermost sample (NumPy "linear_ramp" with end value 0).</summary>
    LinearRamp,
}
