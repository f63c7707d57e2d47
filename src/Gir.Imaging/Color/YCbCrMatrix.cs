using Gir.Imaging.Kernels;

namespace Gir.Imaging.Color;

/// <summary>The BT.601 color matrices on samples divided by 255, and their inverses.</summary>
internal sealed class YCbCrMatrix
{
    private YCbCrMatrix(double[,] matrix, double lumaOffset)
    {
        double[] offset = [lumaOffset / 255, 128.0 / 255, 128.0 / 255];
        Forward = Rows(matrix, offset);
        double[,] inverse = Invert(matrix);
        // x = A^-1 (y - offset), with the constant taken together in double precision.
        var constant = new double[3];
        for (int r = 0; r < 3; r++)
        {
            for (int c = 0; c < 3; c++)
                constant[r] -= inverse[r, c] * offset[c];
        }

        Inverse = Rows(inverse, constant);
    }

    /// <summary>JFIF 1.02, section 7.</summary>
    public static YCbCrMatrix Full { get; } = new(
        new[,] { { 0.299, 0.587, 0.114 }, { -0.299 / 1.772, -0.587 / 1.772, 0.5 }, { 0.5, -0.587 / 1.402, -0.114 / 1.402 } }, 0);

    /// <summary>BT.601 with the constants of MATLAB rgb2ycbcr.</summary>
    public static YCbCrMatrix Limited { get; } = new(
        new[,]
        {
            { 65.481 / 255, 128.553 / 255, 24.966 / 255 },
            { -37.797 / 255, -74.203 / 255, 112.0 / 255 },
            { 112.0 / 255, -93.786 / 255, -18.214 / 255 },
        },
        16);

    /// <summary>RGB to YCbCr.</summary>
    public MatrixRow[] Forward { get; }

    /// <summary>YCbCr to RGB.</summary>
    public MatrixRow[] Inverse { get; }

    public static YCbCrMatrix Of(YCbCrRange range) => range switch
    {
        YCbCrRange.Full => Full,
        YCbCrRange.Limited => Limited,
        _ => throw new ArgumentOutOfRangeException(nameof(range), range, "Expected Full or Limited."),
    };

    private static MatrixRow[] Rows(double[,] m, double[] offset) =>
    [
        new((float)m[0, 0], (float)m[0, 1], (float)m[0, 2], (float)offset[0]),
        new((float)m[1, 0], (float)m[1, 1], (float)m[1, 2], (float)offset[1]),
        new((float)m[2, 0], (float)m[2, 1], (float)m[2, 2], (float)offset[2]),
    ];

    private static double[,] Invert(double[,] m)
    {
        // Cofactors with cyclic indices carry their sign with them.
        double Cofactor(int r, int c) =>
            (m[(r + 1) % 3, (c + 1) % 3] * m[(r + 2) % 3, (c + 2) % 3]) - (m[(r + 1) % 3, (c + 2) % 3] * m[(r + 2) % 3, (c + 1) % 3]);
        double determinant = (m[0, 0] * Cofactor(0, 0)) + (m[0, 1] * Cofactor(0, 1)) + (m[0, 2] * Cofactor(0, 2));
        var inverse = new double[3, 3];
        for (int r = 0; r < 3; r++)
        {
            for (int c = 0; c < 3; c++)
                inverse[r, c] = Cofactor(c, r) / determinant;
        }

        return inverse;
    }
}
