using Gir.Models.Tensors;

namespace Gir.Models.Nn;

/// <summary>Tables for attention in shifted windows (Liu et al., "Swin Transformer", 2021).</summary>
internal static class Windows
{
    /// <summary>
    /// The mask of shifted windows: 0 where two positions come from the same region of the unrolled image, -100 elsewhere.
    /// </summary>
    /// <param name="height">Rows of the image, a multiple of the window.</param>
    /// <param name="width">Columns, likewise.</param>
    /// <param name="window">Side of a window.</param>
    /// <param name="shift">The shift, in 1..window-1.</param>
    /// <param name="backend">The engine to make the mask on; null means the default.</param>
    /// <returns>[windows, window^2, window^2].</returns>
    /// <exception cref="TensorShapeException">The image is not a whole number of windows, or the shift is out of range.</exception>
    public static Tensor ShiftMask(int height, int width, int window, int shift, TensorBackend? backend = null)
    {
        if (window < 1 || height % window != 0 || width % window != 0 || shift < 1 || shift >= window)
            throw new TensorShapeException("shift_mask", $"{height} x {width}, window {window}, shift {shift}", "a whole number of windows and a shift of 1..window-1");
        (int count, int area) = (height / window * (width / window), window * window);
        backend ??= TensorBackend.Default;
        Tensor mask = Tensor.Empty([count, area, area], backend);
        Tensor rows = Regions(height, window, shift, backend).Reshape(height / window, 1, window, 1) * 3;
        Tensor columns = Regions(width, window, shift, backend).Reshape(1, width / window, 1, window);
        Tensor regions = (rows + columns).Reshape(count, area);
        // Regions are numbered: two of different numbers are at least 1 apart.
        backend.Binary(BinaryOperation.Subtract, regions.Reshape(count, area, 1), regions.Reshape(count, 1, area), mask);
        backend.Unary(new UnaryOperation(UnaryFunction.Abs), mask, mask);
        backend.ScaleAndShift(mask, -100, 0, mask);
        backend.Unary(new UnaryOperation(UnaryFunction.Clamp, -100, 0), mask, mask);
        GC.KeepAlive(regions);
        return mask;
    }

    // Of each row (or column) of the rolled image: 0, 1 or 2. Made by operators, so that a recorded pass holds for images of any size.
    private static Tensor Regions(int size, int window, int shift, TensorBackend backend) => TensorOps.Concatenate(
        0, Tensor.Zeros([size - window], backend), Tensor.Ones([window - shift], backend), Tensor.Full([shift], 2, backend));

    /// <summary>Rows of the relative position bias table for each pair of positions in a window; window^2 x window^2, row-major.</summary>
    public static int[] RelativePositionIndex(int window)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 1);
        return RelativePositionIndex(window, window);
    }

    /// <summary>
    /// The same for HAT's overlapping windows (Chen et al. 2023): keys come from a larger window around the queries'. As published,
    /// the table has (window + larger - 1)^2 rows and some indices are negative, counting from its end.
    /// </summary>
    /// <param name="window">Side of the queries' window.</param>
    /// <param name="overlapRatio">The larger window's excess, as a share of the window.</param>
    /// <returns>window^2 x larger^2, row-major.</returns>
    public static int[] OverlappingRelativePositionIndex(int window, double overlapRatio)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(overlapRatio);
        return RelativePositionIndex(window, window + (int)(overlapRatio * window));
    }

    // The original: index = (dy + window - larger + 1) * (window + larger - 1) + (dx + window - larger + 1), with d the key's position less
    // the query's. For equal windows the published code takes query less key plus window - 1, which the sign below covers.
    private static int[] RelativePositionIndex(int window, int larger)
    {
        bool equal = window == larger;
        int side = window + larger - 1;
        int offset = equal ? window - 1 : window - larger + 1;
        long length = (long)window * window * larger * larger;
        if (length > Array.MaxLength)
            throw new ArgumentOutOfRangeException(nameof(window), window, "The table of relative positions does not fit into memory.");
        Initializer.Charge(length);
        var index = new int[length];
        for (int q = 0; q < window * window; q++)
        {
            for (int k = 0; k < larger * larger; k++)
            {
                int dy = (k / larger) - (q / window);
                int dx = (k % larger) - (q % window);
                (dy, dx) = equal ? (-dy, -dx) : (dy, dx);
                index[(q * larger * larger) + k] = ((dy + offset) * side) + dx + offset;
            }
        }

        return index;
    }
}
