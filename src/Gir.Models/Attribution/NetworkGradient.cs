using Gir.Imaging;
using Gir.Models.Restoration;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;
using Gir.Models.Zoo;

namespace Gir.Models.Attribution;

/// <summary>The gradient of a detector on a network's result, by the pixels of the image that was restored.</summary>
/// <remarks>The image reaches the network as a restorer would hand it over, whole: filled up to the sizes it takes, planes one by one for a gray network.</remarks>
internal sealed class NetworkGradient
{
    private readonly RestorationNetwork _network;
    private readonly AttributionWindow _window;
    private readonly float _noise;
    private readonly int? _threads;
    private readonly TileLayout _layout;
    private readonly int[] _places;
    private readonly int _height;
    private readonly int _width;
    private readonly (int Channels, int Height, int Width) _image;

    public NetworkGradient(NetworkRestorer restorer, ImageBuffer image, AttributionWindow window)
    {
        _network = restorer.Network;
        _window = window;
        _threads = restorer.Options.MaxDegreeOfParallelism;
        _noise = (float)((restorer.Options.NoiseLevel ?? 0) / 255);
        _image = (image.Channels, image.Height, image.Width);
        _layout = restorer.WholeLayout(image.Height, image.Width);
        // Where each pixel that the network sees comes from, told by padding the pixels' numbers, from 1, as the pixels are padded; 0 is padded with zeros.
        var numbers = new ImageBuffer(1, image.Height, image.Width);
        for (int i = 0; i < numbers.Array.Length; i++)
            numbers.Array[i] = i + 1;
        ImageBuffer padded = _layout.Pad(numbers, NetworkRestorer.PadModeOf(_network.Size.Padding));
        (_height, _width) = (padded.Height, padded.Width);
        _places = Array.ConvertAll(padded.Array, n => (int)n - 1);
    }

    /// <summary>How many inputs of the network an image makes: three of a color image for a gray network.</summary>
    private int Inputs => _network.InputChannels == 1 ? _image.Channels : 1;

    /// <summary>Gradients at several images of the shape that was given, sample for sample.</summary>
    public double[][] At(IReadOnlyList<ImageBuffer> images)
    {
        using ThreadLimit limit = ThreadLimit.Enter(_threads);
        using TensorScope scope = TensorScope.Enter();
        Tensor input = ToTensor(images);
        input.RequiresGradient = true;
        using (Tape.Toward(input))
        {
            Tensor output = _network.Module.Call(input);
            output.Backward(Seed(output));
        }

        double[][] gradients = new double[images.Count][];
        float[] found = input.Gradient is { } gradient ? gradient.ToArray() : new float[input.Length];
        for (int i = 0; i < gradients.Length; i++)
            gradients[i] = Gather(found.AsSpan(i * (input.Length / images.Count), input.Length / images.Count));
        return gradients;
    }

    private Tensor ToTensor(IReadOnlyList<ImageBuffer> images)
    {
        int plane = _places.Length;
        int channels = _network.InputChannels + (_network.TakesNoiseMap ? 1 : 0);
        TensorShape shape = [images.Count * Inputs, channels, _height, _width];
        var values = new float[shape.Length];
        for (int i = 0; i < shape.Sizes[0] * channels; i++)
        {
            Span<float> target = values.AsSpan(i * plane, plane);
            (int sample, int channel) = (i / channels, i % channels);
            if (channel == _network.InputChannels)
            {
                target.Fill(_noise * _network.Range);
                continue;
            }

            ReadOnlySpan<float> source = images[sample / Inputs].Plane(_network.InputChannels == 1 ? sample % Inputs : Math.Min(channel, _image.Channels - 1));
            for (int p = 0; p < plane; p++)
                target[p] = _places[p] >= 0 ? source[_places[p]] * _network.Range : 0;
        }

        return Tensor.From(values, shape, _network.Backend);
    }

    private Tensor Seed(Tensor output)
    {
        float[] values = output.ToArray();
        var gradient = new float[values.Length];
        int length = values.Length / output.Shape.Sizes[0];
        (int height, int width) = (output.Shape.Sizes[2], output.Shape.Sizes[3]);
        AttributionWindow window = _window with { Top = _window.Top + (_layout.Top * _network.Scale), Left = _window.Left + (_layout.Left * _network.Scale) };
        // The magnitude of differences is homogeneous: its gradient does not know the range of the values.
        for (int i = 0; i < values.Length; i += length)
            EdgeDetector.Detect(values.AsSpan(i, length), height, width, window, gradient.AsSpan(i, length));
        return Tensor.From(gradient, output.Shape, _network.Backend);
    }

    private double[] Gather(ReadOnlySpan<float> found)
    {
        int plane = _places.Length;
        int channels = _network.InputChannels + (_network.TakesNoiseMap ? 1 : 0);
        int own = _image.Height * _image.Width;
        var gradient = new double[_image.Channels * own];
        for (int i = 0; i < Inputs; i++)
        {
            for (int c = 0; c < _network.InputChannels; c++)
            {
                int target = (_network.InputChannels == 1 ? i : Math.Min(c, _image.Channels - 1)) * own;
                ReadOnlySpan<float> source = found.Slice(((i * channels) + c) * plane, plane);
                for (int p = 0; p < plane; p++)
                {
                    if (_places[p] >= 0)
                        gradient[target + _places[p]] += source[p];
                }
            }
        }

        return gradient;
    }
}
