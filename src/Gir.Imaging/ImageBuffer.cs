using System.Numerics.Tensors;

namespace Gir.Imaging;

/// <summary>
/// An image of float32 samples, planar and contiguous: channels x height x width, nominal range [0, 1].
/// </summary>
/// <remarks>
/// Sample (c, y, x) is at index (c * Height + y) * Width + x. Color planes are in the order red, green, blue (, alpha);
/// values outside [0, 1] are legal between operations and are clamped only where an operation says so.
/// Safe to read from several threads as long as none writes; operations of this toolkit never write to an image they are given, unless their name says so.
/// </remarks>
public sealed class ImageBuffer
{
    private readonly float[] _samples;

    /// <summary>Creates a black image.</summary>
    /// <param name="channels">Number of planes, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="width">Columns, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or the sample count exceeds <see cref="Array.MaxLength"/>.</exception>
    public ImageBuffer(int channels, int height, int width)
        : this(channels, height, width, new float[CheckedLength(channels, height, width)])
    {
    }

    /// <summary>Wraps existing samples without copying them.</summary>
    /// <param name="channels">Number of planes, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="samples">Exactly channels * height * width samples, planar.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    /// <exception cref="ArgumentException"><paramref name="samples"/> has another length than the shape asks for.</exception>
    public ImageBuffer(int channels, int height, int width, float[] samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        int length = CheckedLength(channels, height, width);
        if (samples.Length != length)
        {
            throw new ArgumentException(
                $"{channels} x {height} x {width} (channels x height x width) needs {length} samples, but {samples.Length} were given.",
                nameof(samples));
        }

        Channels = channels;
        Height = height;
        Width = width;
        _samples = samples;
    }

    /// <summary>Number of planes: 1 gray, 2 gray and alpha, 3 RGB, 4 RGB and alpha; other counts are feature maps.</summary>
    public int Channels { get; }

    /// <summary>Number of rows.</summary>
    public int Height { get; }

    /// <summary>Number of columns.</summary>
    public int Width { get; }

    /// <summary>Samples of one plane: Height * Width.</summary>
    public int PlaneLength => Height * Width;

    /// <summary>All samples, planar.</summary>
    public Span<float> Samples => _samples;

    /// <summary>The backing array itself, for interop; planar, exactly Channels * Height * Width long.</summary>
    public float[] Array => _samples;

    /// <summary>One sample.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An index lies outside the image.</exception>
    public float this[int channel, int y, int x]
    {
        get => _samples[Index(channel, y, x)];
        set => _samples[Index(channel, y, x)] = value;
    }

    /// <summary>The samples of one channel, row after row.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="channel"/> is not in 0..Channels-1.</exception>
    public Span<float> Plane(int channel)
    {
        Check(channel, Channels, nameof(channel));
        return _samples.AsSpan(channel * PlaneLength, PlaneLength);
    }

    /// <summary>The samples of one row of one channel.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An index lies outside the image.</exception>
    public Span<float> Row(int channel, int y)
    {
        Check(channel, Channels, nameof(channel));
        Check(y, Height, nameof(y));
        return _samples.AsSpan(((channel * Height) + y) * Width, Width);
    }

    /// <summary>The image as a tensor of shape [Channels, Height, Width], without copying: what is written to it is written to the image.</summary>
    public TensorSpan<float> AsTensorSpan() => new(_samples, [Channels, Height, Width]);

    /// <summary>A copy with samples of its own.</summary>
    public ImageBuffer Clone() => new(Channels, Height, Width, (float[])_samples.Clone());

    /// <summary>Whether both images have the same channels, height and width.</summary>
    public bool HasShapeOf(ImageBuffer other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Channels == other.Channels && Height == other.Height && Width == other.Width;
    }

    /// <summary>"3 x 512 x 768": channels x height x width.</summary>
    public override string ToString() => $"{Channels} x {Height} x {Width}";

    private static int CheckedLength(int channels, int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        Int128 length = (Int128)channels * height * width;
        if (length > System.Array.MaxLength)
        {
            throw new ArgumentOutOfRangeException(
                nameof(height),
                $"{channels} x {height} x {width} (channels x height x width) is {length} samples; at most {System.Array.MaxLength} fit in one image.");
        }

        return (int)length;
    }

    private static void Check(int index, int count, string name)
    {
        if ((uint)index >= (uint)count)
            throw new ArgumentOutOfRangeException(name, index, $"Expected 0..{count - 1}.");
    }

    private int Index(int channel, int y, int x)
    {
        Check(channel, Channels, nameof(channel));
        Check(y, Height, nameof(y));
        Check(x, Width, nameof(x));
        return (((channel * Height) + y) * Width) + x;
    }
}
