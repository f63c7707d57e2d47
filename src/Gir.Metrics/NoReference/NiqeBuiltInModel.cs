namespace Gir.Metrics.NoReference;

/// <summary>The embedded model: 36 means, then the lower triangle of the covariance row by row, as little-endian doubles.</summary>
/// <remarks>
/// Fitted by <see cref="NiqeModel.Fit"/> with its defaults on the 24 images of the Kodak lossless true color suite (768 x 512,
/// released for unrestricted use), in the order of their names. Only these statistics are embedded, no image.
/// </remarks>
internal static class NiqeBuiltInModel
{
    /// <summary>The name says that these are not the authors' numbers.</summary>
    public const string Name = "gir-kodak24-v1";

    public static NiqeModel Load()
    {
        using Stream stream = typeof(NiqeBuiltInModel).Assembly.GetManifestResourceStream("Gir.Metrics.NoReference.niqe-gir-kodak24-v1.bin")
            ?? throw new InvalidOperationException("The built-in NIQE model is missing from the assembly.");
        using var reader = new BinaryReader(stream);
        const int n = NiqeModel.FeatureCount;
        var mean = new double[n];
        var covariance = new double[n * n];
        for (int i = 0; i < n; i++)
            mean[i] = reader.ReadDouble();
        for (int row = 0; row < n; row++)
        {
            for (int column = 0; column <= row; column++)
            {
                double value = reader.ReadDouble();
                covariance[(row * n) + column] = value;
                covariance[(column * n) + row] = value;
            }
        }

        return new NiqeModel(Name, mean, covariance);
    }
}
