namespace Gir.Imaging.Filtering;

/// <summary>The Bessel function that round low-pass filters consist of.</summary>
internal static class Bessel
{
    /// <summary>J1(x) for x of 0..1000, to within 1e-14.</summary>
    /// <remarks>
    /// Miller's backward recurrence (Abramowitz and Stegun, 9.12): J(n-1) = 2n/x J(n) - J(n+1) from an order where J vanishes, scaled
    /// by J0 + 2 (J2 + J4 + ...) = 1. Ten times as fast as a routine for complex arguments and orders, and random filters ask often.
    /// </remarks>
    public static double J1(double x)
    {
        // The series' next term is below 1e-17 here, where the recurrence would come to overflow.
        if (x < 0.05)
            return x / 2 * (1 - (x * x / 8 * (1 - (x * x / 24 * (1 - (x * x / 48))))));
        double reciprocal = 2 / x;
        (double next, double current, double sum, double first) = (0.0, 1e-30, 0.0, 0.0);
        for (int order = (int)(x + 20 + (8 * Math.Cbrt(x))); order > 0; order--)
        {
            (next, current) = (current, (order * reciprocal * current) - next);
            // Now of order - 1.
            if (order == 2)
                first = current;
            if (order % 2 == 1)
                sum += order == 1 ? current : 2 * current;
        }

        return first / sum;
    }
}
