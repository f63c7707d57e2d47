using Gir.Imaging;

namespace Gir.Metrics.FullReference;

/// <summary>
/// Phase congruency as FSIM uses it (Kovesi, "Image Features from Phase Congruency", 1999; the authors' FeatureSIM.m):
/// log-Gabor responses at 4 scales and 4 orientations, noise removed per orientation.
/// </summary>
internal sealed class PhaseCongruency : IDisposable
{
    private const int Scales = 4;
    private const int Orientations = 4;
    private const double SmallestWavelength = 6;
    private const double ScaleFactor = 2;
    private const double SigmaOnFrequency = 0.55;
    private const double AngleOnSigma = 1.2;
    private const double NoiseDeviations = 2;
    private const double NoiseRescaling = 1.7;
    private const double Epsilon = 1e-4;
    private readonly int _height;
    private readonly int _width;
    private readonly Fourier _fourier;
    private readonly LevelPlane[] _radial;
    private readonly LevelPlane[] _angular;

    public PhaseCongruency(int height, int width)
    {
        (_height, _width) = (height, width);
        _fourier = new Fourier(height, width);
        _radial = Planes(Scales);
        _angular = Planes(Orientations);
        BuildFilters();
    }

    /// <summary>One value per pixel in [0, 1]; 0 where there is no structure at all. The caller disposes of the plane.</summary>
    public LevelPlane Compute(LevelPlane luminance, Parallelism parallelism)
    {
        int n = luminance.Length;
        using var imageReal = new LevelPlane(_height, _width);
        using var imageImaginary = new LevelPlane(_height, _width);
        luminance.Values.CopyTo(imageReal.Values);
        imageImaginary.Values.Clear();
        _fourier.Transform(imageReal.Data, imageImaginary.Data, inverse: false, parallelism);
        var energyAll = new LevelPlane(_height, _width);
        using var amplitudeAll = new LevelPlane(_height, _width);
        energyAll.Values.Clear();
        amplitudeAll.Values.Clear();
        LevelPlane[] even = Planes(Scales);
        LevelPlane[] odd = Planes(Scales);
        double[][] evenData = System.Array.ConvertAll(even, p => p.Data);
        double[][] oddData = System.Array.ConvertAll(odd, p => p.Data);
        for (int orientation = 0; orientation < Orientations; orientation++)
        {
            for (int scale = 0; scale < Scales; scale++)
            {
                Filter(imageReal.Values, imageImaginary.Values, _radial[scale].Values, _angular[orientation].Values, even[scale].Values, odd[scale].Values);
                _fourier.Transform(evenData[scale], oddData[scale], inverse: true, parallelism);
            }

            double noise = NoiseThreshold(even[0].Values, odd[0].Values, _angular[orientation].Values);
            parallelism.For(n, 4096, new Energies(evenData, oddData, noise, energyAll.Data, amplitudeAll.Data));
        }

        Span<double> energy = energyAll.Values;
        Span<double> amplitude = amplitudeAll.Values;
        for (int i = 0; i < energy.Length; i++)
            energy[i] = amplitude[i] > 0 ? energy[i] / amplitude[i] : 0;
        Release(even);
        Release(odd);
        return energyAll;
    }

    /// <summary>Gives the filters' memory back.</summary>
    public void Dispose()
    {
        Release(_radial);
        Release(_angular);
    }

    private static void Filter(
        ReadOnlySpan<double> real, ReadOnlySpan<double> imaginary, ReadOnlySpan<double> radial, ReadOnlySpan<double> angular, Span<double> even, Span<double> odd)
    {
        for (int i = 0; i < real.Length; i++)
        {
            double filter = radial[i] * angular[i];
            even[i] = real[i] * filter;
            odd[i] = imaginary[i] * filter;
        }
    }

    private static void Release(LevelPlane[] planes)
    {
        foreach (LevelPlane plane in planes)
            plane.Dispose();
    }

    private LevelPlane[] Planes(int count) => [.. Enumerable.Range(0, count).Select(_ => new LevelPlane(_height, _width))];

    /// <summary>The energy that noise alone would show, from the median response at the smallest scale.</summary>
    private double NoiseThreshold(ReadOnlySpan<double> even, ReadOnlySpan<double> odd, ReadOnlySpan<double> spread)
    {
        using var squares = new LevelPlane(_height, _width);
        Span<double> squared = squares.Values;
        for (int i = 0; i < squared.Length; i++)
            squared[i] = (even[i] * even[i]) + (odd[i] * odd[i]);
        double meanSquare = -Median(squared) / Math.Log(0.5);
        double filterPower = 0;
        (double sumOfSquares, double sumOfPairs) = (0, 0);
        double[][] radial = System.Array.ConvertAll(_radial, p => p.Data);
        for (int y = 0; y < _height; y++)
        {
            for (int x = 0; x < _width; x++)
            {
                int i = (y * _width) + x;
                // The real part of a filter's inverse transform has the even part of the filter as its transform, so the sums
                // over pixels that FeatureSIM.m takes are, by Parseval, sums over frequencies.
                int mirrored = (y == 0 ? 0 : _height - y) * _width + (x == 0 ? 0 : _width - x);
                double smallest = radial[0][i] * spread[i];
                filterPower += smallest * smallest;
                (double sum, double squaresHere) = (0, 0);
                for (int scale = 0; scale < Scales; scale++)
                {
                    double part = ((radial[scale][i] * spread[i]) + (radial[scale][mirrored] * spread[mirrored])) / 2;
                    sum += part;
                    squaresHere += part * part;
                }

                sumOfSquares += squaresHere;
                sumOfPairs += ((sum * sum) - squaresHere) / 2;
            }
        }

        double power = meanSquare / filterPower;
        double noiseEnergy = (2 * power * sumOfSquares) + (4 * power * sumOfPairs);
        double tau = Math.Sqrt(Math.Max(0, noiseEnergy) / 2);
        double threshold = (tau * Math.Sqrt(Math.PI / 2)) + (NoiseDeviations * Math.Sqrt((2 - (Math.PI / 2)) * tau * tau));
        return threshold / NoiseRescaling;
    }

    private static double Median(Span<double> values)
    {
        values.Sort();
        int middle = values.Length / 2;
        return values.Length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }

    private void BuildFilters()
    {
        double[][] radial = System.Array.ConvertAll(_radial, p => p.Data);
        double[][] angular = System.Array.ConvertAll(_angular, p => p.Data);
        double angleSigma = Math.PI / Orientations / AngleOnSigma;
        for (int y = 0; y < _height; y++)
        {
            double v = Frequency(y, _height);
            for (int x = 0; x < _width; x++)
            {
                int i = (y * _width) + x;
                double u = Frequency(x, _width);
                double radius = Math.Sqrt((u * u) + (v * v));
                double lowpass = 1 / (1 + Math.Pow(radius / 0.45, 30));
                double theta = Math.Atan2(-v, u);
                radius = i == 0 ? 1 : radius;
                for (int scale = 0; scale < Scales; scale++)
                {
                    double center = 1 / (SmallestWavelength * Math.Pow(ScaleFactor, scale));
                    double octaves = Math.Log(radius / center);
                    double width = Math.Log(SigmaOnFrequency);
                    radial[scale][i] = i == 0 ? 0 : Math.Exp(-octaves * octaves / (2 * width * width)) * lowpass;
                }

                for (int orientation = 0; orientation < Orientations; orientation++)
                {
                    double angle = orientation * Math.PI / Orientations;
                    double sine = (Math.Sin(theta) * Math.Cos(angle)) - (Math.Cos(theta) * Math.Sin(angle));
                    double cosine = (Math.Cos(theta) * Math.Cos(angle)) + (Math.Sin(theta) * Math.Sin(angle));
                    double distance = Math.Abs(Math.Atan2(sine, cosine));
                    angular[orientation][i] = Math.Exp(-distance * distance / (2 * angleSigma * angleSigma));
                }
            }
        }
    }

    /// <summary>Frequency of a transform's index; an odd size is divided by one less, as in the original.</summary>
    private static double Frequency(int index, int size)
    {
        if (size == 1)
            return 0;
        int signed = index <= (size - 1) / 2 ? index : index - size;
        return (double)signed / (size % 2 == 1 ? size - 1 : size);
    }

    private readonly struct Energies(
        double[][] even, double[][] odd, double noise, double[] energyAll, double[] amplitudeAll) : IRangeBody
    {
        public void Invoke(int start, int end)
        {
            for (int i = start; i < end; i++)
            {
                (double sumEven, double sumOdd, double amplitude) = (0, 0, 0);
                for (int scale = 0; scale < Scales; scale++)
                {
                    (double e, double o) = (even[scale][i], odd[scale][i]);
                    sumEven += e;
                    sumOdd += o;
                    amplitude += Math.Sqrt((e * e) + (o * o));
                }

                double total = Math.Sqrt((sumEven * sumEven) + (sumOdd * sumOdd)) + Epsilon;
                (double meanEven, double meanOdd) = (sumEven / total, sumOdd / total);
                double sum = 0;
                for (int scale = 0; scale < Scales; scale++)
                {
                    (double e, double o) = (even[scale][i], odd[scale][i]);
                    sum += (e * meanEven) + (o * meanOdd) - Math.Abs((e * meanOdd) - (o * meanEven));
                }

                energyAll[i] += Math.Max(sum - noise, 0);
                amplitudeAll[i] += amplitude;
            }
        }
    }
}
