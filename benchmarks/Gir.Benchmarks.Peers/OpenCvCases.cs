using OpenCvSharp;

namespace Gir.Benchmarks.Peers;

/// <summary>The cases of <see cref="DegradationComparison"/> in OpenCV, one thread: filters on float32, codecs from and to 8 bit.</summary>
internal sealed class OpenCvCases
{
    private readonly byte[] _png;
    private readonly byte[] _jpeg;
    private readonly Mat _levels;
    private readonly Mat _image = new();
    private readonly Mat _small = new();
    private readonly Mat _result = new();
    private readonly Mat _kernel = Kernel(21, 3, 1, 0.7);

    public OpenCvCases(string png, string jpeg)
    {
        Cv2.SetNumThreads(1);
        (_png, _jpeg) = (File.ReadAllBytes(png), File.ReadAllBytes(jpeg));
        _levels = Cv2.ImDecode(_png, ImreadModes.Color);
        _levels.ConvertTo(_image, MatType.CV_32FC3, 1 / 255.0);
    }

    /// <summary>The work of a case; null where there is none.</summary>
    public Action? Find(string name) => name switch
    {
        "jpeg-round-trip" => () => Decode(Encode(".jpg", new ImageEncodingParam(ImwriteFlags.JpegQuality, 50))),
        "gaussian-15" => () => Cv2.GaussianBlur(_image, _result, new Size(15, 15), 2, 2, BorderTypes.Reflect101),
        "filter-21" => () => Cv2.Filter2D(_image, _result, -1, _kernel, new Point(-1, -1), 0, BorderTypes.Reflect101),
        "bicubic-x4" => Bicubic,
        "noise" => Noise,
        "png-decode" => () => Decode(_png),
        "jpeg-decode" => () => Decode(_jpeg),
        "png-encode" => () => Encode(".png"),
        "jpeg-encode" => () => Encode(".jpg", new ImageEncodingParam(ImwriteFlags.JpegQuality, 90)),
        _ => null,
    };

    private static void Decode(byte[] file) => Cv2.ImDecode(file, ImreadModes.Color).Dispose();

    private byte[] Encode(string extension, params ImageEncodingParam[] parameters)
    {
        Cv2.ImEncode(extension, _levels, out byte[] file, parameters);
        return file;
    }

    private void Bicubic()
    {
        Cv2.Resize(_image, _small, new Size(_image.Width / 4, _image.Height / 4), 0, 0, InterpolationFlags.Cubic);
        Cv2.Resize(_small, _result, _image.Size(), 0, 0, InterpolationFlags.Cubic);
    }

    private void Noise()
    {
        _result.Create(_image.Size(), _image.Type());
        Cv2.Randn(_result, new Scalar(0, 0, 0), new Scalar(20 / 255.0, 20 / 255.0, 20 / 255.0));
        Cv2.Add(_result, _image, _result);
        Cv2.Max(_result, 0, _result);
        Cv2.Min(_result, 1, _result);
    }

    // The anisotropic Gaussian of BasicSR.
    private static Mat Kernel(int size, double sigmaX, double sigmaY, double theta)
    {
        var kernel = new Mat(size, size, MatType.CV_32FC1);
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < size; j++)
            {
                (double x, double y) = (j - ((size - 1) / 2.0), i - ((size - 1) / 2.0));
                double u = (Math.Cos(theta) * x) + (Math.Sin(theta) * y);
                double v = (Math.Cos(theta) * y) - (Math.Sin(theta) * x);
                kernel.Set(i, j, (float)Math.Exp(-0.5 * ((u * u / (sigmaX * sigmaX)) + (v * v / (sigmaY * sigmaY)))));
            }
        }

        return kernel * (1 / Cv2.Sum(kernel).Val0);
    }
}
