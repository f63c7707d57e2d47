namespace Gir.Imaging.Resampling;

/// <summary>
/// Resampling along one axis as a table: output o is the sum over t of Weights[o * Taps + t] times input Starts[o] + t.
/// All windows lie inside the input, and Starts never decreases.
/// </summary>
internal sealed class AxisWeights
{
    private AxisWeights(int inputLength, int taps, int[] starts, double[] weights)
    {
        InputLength = inputLength;
        Taps = taps;
        Starts = starts;
        Weights = weights;
    }

    /// <summary>Where an index beyond the edge is taken from.</summary>
    public enum Edge
    {
        Clamp,
        Mirror,
    }

    public int InputLength { get; }

    public int OutputLength => Starts.Length;

    public int Taps { get; }

    public int[] Starts { get; }

    public double[] Weights { get; }

    public bool IsIdentity
    {
        get
        {
            if (InputLength != OutputLength || Taps != 1)
                return false;
            for (int o = 0; o < OutputLength; o++)
            {
                if (Starts[o] != o || Weights[o] != 1)
                    return false;
            }

            return true;
        }
    }

    /// <summary>One input sample per output.</summary>
    public static AxisWeights FromIndices(int inputLength, int[] indices)
    {
        var weights = new double[indices.Length];
        System.Array.Fill(weights, 1);
        return new AxisWeights(inputLength, 1, indices, weights);
    }

    /// <summary>
    /// Windows of equal width that may reach beyond the input; what lies beyond is added to the samples the edge rule names,
    /// and columns of zeros are dropped.
    /// </summary>
    public static AxisWeights Fold(int inputLength, int[] firsts, double[] weights, int width, Edge edge)
    {
        int outputs = firsts.Length;
        var starts = new int[outputs];
        var lasts = new int[outputs];
        for (int o = 0; o < outputs; o++)
        {
            (int low, int high) = (int.MaxValue, -1);
            for (int t = 0; t < width; t++)
            {
                if (weights[(o * width) + t] == 0)
                    continue;
                int index = Inside(firsts[o] + t, inputLength, edge);
                low = Math.Min(low, index);
                high = Math.Max(high, index);
            }

            starts[o] = high < 0 ? 0 : low;
            lasts[o] = Math.Max(high, 0);
        }

        int taps = 1;
        for (int o = outputs - 1; o >= 0; o--)
        {
            starts[o] = o + 1 < outputs ? Math.Min(starts[o], starts[o + 1]) : starts[o];
            taps = Math.Max(taps, lasts[o] - starts[o] + 1);
        }

        var folded = new double[(long)outputs * taps];
        for (int o = 0; o < outputs; o++)
        {
            starts[o] = Math.Min(starts[o], inputLength - taps);
            for (int t = 0; t < width; t++)
            {
                double weight = weights[(o * width) + t];
                if (weight != 0)
                    folded[(o * taps) + Inside(firsts[o] + t, inputLength, edge) - starts[o]] += weight;
            }
        }

        return new AxisWeights(inputLength, taps, starts, folded);
    }

    /// <summary>The weights as float32, output after output.</summary>
    public float[] SingleWeights() => System.Array.ConvertAll(Weights, w => (float)w);

    /// <summary>The weights tap after tap: what a kernel that works on neighboring outputs reads contiguously.</summary>
    public double[] WeightsByTap()
    {
        int outputs = OutputLength;
        var result = new double[Weights.Length];
        for (int o = 0; o < outputs; o++)
        {
            for (int t = 0; t < Taps; t++)
                result[(t * outputs) + o] = Weights[(o * Taps) + t];
        }

        return result;
    }

    /// <summary>The weights as float32, tap after tap.</summary>
    public float[] SingleWeightsByTap() => System.Array.ConvertAll(WeightsByTap(), w => (float)w);

    private static int Inside(int index, int length, Edge edge)
    {
        if ((uint)index < (uint)length)
            return index;
        if (edge == Edge.Clamp)
            return Math.Clamp(index, 0, length - 1);
        long period = 2L * length;
        long phase = ((index % period) + period) % period;
        return (int)(phase < length ? phase : period - 1 - phase);
    }
}
