using Gir.Imaging;
using Gir.Models.Nn;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;
using Gir.Models.Zoo;

namespace Gir.Models.Restoration;

/// <summary>One run of a network over images of a size that it accepts, and the memory that it takes.</summary>
internal sealed class NetworkPass
{
    // Large enough that what does not grow with the image (packed weights) counts little, small enough to cost less than a tile.
    private const int ProbeSide = 128;

    // What an engine that measures nothing is taken to need, in bytes for each pixel of the output.
    private const long Unmeasured = 16 * 1024;

    private readonly RestorationNetwork _network;
    private readonly TensorBackend _backend;
    private readonly float _noise;
    private readonly int _probeSide;
    private readonly Lazy<long> _probe;

    /// <param name="network">The network.</param>
    /// <param name="noiseLevel">Standard deviation of the noise in 8-bit levels; 0 where the network is not told.</param>
    /// <param name="grid">The probe's size is a multiple of this.</param>
    public NetworkPass(RestorationNetwork network, double noiseLevel, int grid)
    {
        _network = network;
        _backend = network.Backend;
        _noise = (float)(noiseLevel / 255) * network.Range;
        _probeSide = (Math.Max(ProbeSide / network.Scale, network.Size.Minimum) + grid - 1) / grid * grid;
        _probe = new Lazy<long>(Probe);
    }

    /// <summary>Images of no more pixels than this are small beside any network's weights: nobody asks for their memory.</summary>
    public long NegligiblePixels => (long)_probeSide * _probeSide;

    /// <summary>
    /// An upper estimate of the bytes that intermediate results occupy at a time for each pixel of the input: a first run on a small image measures it;
    /// memory grows no faster than the number of pixels.
    /// </summary>
    public double BytesPerPixel => (double)_probe.Value / NegligiblePixels;

    /// <summary>The same for an image.</summary>
    public double Bytes(int height, int width)
    {
        if (_network.Size.SquareMultiple is not (int multiple and > 0))
            return BytesPerPixel * height * width;
        double side = Math.Ceiling((double)Math.Max(height, width) / multiple) * multiple;
        return BytesPerPixel * side * side;
    }

    /// <summary>What the network wants to know of a whole picture before it sees parts of it; empty where it wants nothing.</summary>
    public float[] Look(ImageBuffer picture)
    {
        if (_network.Module is not IPictureConditioned conditioned)
            return [];
        using Tape.NoGradientScope inference = Tape.NoGradient();
        using TensorScope scope = TensorScope.Enter();
        int size = conditioned.ThumbnailSize;
        int planes = PictureThumbnail.Planes(picture.Channels);
        var thumbnail = new float[planes * size * size];
        PictureThumbnail.Write(picture, size, thumbnail);
        return conditioned.Encode(Tensor.From(thumbnail, [1, planes, size, size], _backend)).ToArray();
    }

    /// <summary>Restores images of one size, in one batch; stops between the network's modules.</summary>
    /// <param name="images">The images, or parts of pictures.</param>
    /// <param name="codes">What <see cref="Look"/> found in the picture of each.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="InvalidOperationException">The network's output has another size than it should.</exception>
    public ImageBuffer[] Run(ReadOnlySpan<ImageBuffer> images, ReadOnlySpan<float[]> codes, CancellationToken cancellationToken)
    {
        using ForwardCancellation cancellation = ForwardCancellation.Enter(cancellationToken);
        using Tape.NoGradientScope inference = Tape.NoGradient();
        using TensorScope scope = TensorScope.Enter();
        Tensor input = ToTensor(images);
        Tensor output = _network.Module is IPictureConditioned conditioned
            ? conditioned.Call(input, Tensor.From([.. codes.ToArray().SelectMany(c => c)], [images.Length, codes[0].Length], _backend))
            : _network.Module.Call(input);
        ImageBuffer first = images[0];
        TensorShape expected = [images.Length, _network.OutputChannels, first.Height * _network.Scale, first.Width * _network.Scale];
        if (output.Shape != expected)
            throw new InvalidOperationException($"{_network.Architecture} made {output.Shape} of {images.Length} x {first}; expected {expected}.");
        var restored = new ImageBuffer[images.Length];
        for (int i = 0; i < restored.Length; i++)
        {
            restored[i] = new ImageBuffer(expected[1], expected[2], expected[3]);
            (restored.Length == 1 ? output : output.Narrow(0, i, 1)).CopyTo(restored[i].Samples);
            if (_network.Range == 1)
                continue;
            foreach (ref float sample in restored[i].Samples)
                sample /= _network.Range;
        }

        return restored;
    }

    private Tensor ToTensor(ReadOnlySpan<ImageBuffer> images)
    {
        ImageBuffer first = images[0];
        int channels = first.Channels + (_network.TakesNoiseMap ? 1 : 0);
        TensorShape shape = [images.Length, channels, first.Height, first.Width];
        if (images.Length == 1 && channels == first.Channels && _network.Range == 1)
            return Tensor.From(first.Samples, shape, _backend);
        var values = new float[shape.Length];
        Span<float> rest = values;
        foreach (ImageBuffer image in images)
        {
            for (int i = 0; i < image.Array.Length; i++)
                rest[i] = image.Array[i] * _network.Range;
            rest[image.Array.Length..(channels * image.PlaneLength)].Fill(_noise);
            rest = rest[(channels * image.PlaneLength)..];
        }

        return Tensor.From(values, shape, _backend);
    }

    private long Probe()
    {
        if (_network.Module is IRunsElsewhere)
            return UnmeasuredBytes;
        using MemoryMeter meter = MemoryMeter.Start();
        var image = new ImageBuffer(_network.InputChannels, _probeSide, _probeSide);
        // Measured once for all: whoever gives up waiting must not leave others without.
        Run([image], [Look(image)], CancellationToken.None);
        // The probe's side is a power of two as a rule, which the allocator does not round; other sizes it rounds up by as much as a quarter.
        return meter.PeakBytes > 0 ? meter.PeakBytes * 5 / 4 : UnmeasuredBytes;
    }

    private long UnmeasuredBytes => Unmeasured * _network.Scale * _network.Scale * NegligiblePixels;
}
