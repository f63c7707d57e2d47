using Gir.Imaging.Files;
using Gir.Imaging.Text;
using Gir.Models.Nn;
using Gir.Models.Onnx;
using Gir.Models.Tensors;
using Gir.Models.Zoo;
using Microsoft.ML.OnnxRuntime;

namespace Gir.Models.OnnxRuntime.Sessions;

/// <summary>A loaded model.</summary>
internal sealed class OnnxSession : IDisposable
{
    private const string ThumbnailName = "thumbnail";

    // Large enough for the windows and levels of most networks.
    private const int ProbeSide = 64;

    private readonly string _source;
    private readonly InferenceSession _session;
    private readonly OnnxModelDescription _said;
    private readonly ImagePort _input;
    private readonly ImagePort _output;
    private readonly string[] _inputNames;
    private readonly string[] _outputNames;
    private volatile bool _isDisposed;

    private OnnxSession(string source, InferenceSession session, OnnxRestorerOptions options)
    {
        _source = source;
        _session = session;
        try
        {
            _said = OnnxModelDescription.Read(session.ModelMetadata.CustomMetadataMap);
        }
        catch (ArgumentException e)
        {
            throw new OnnxModelException(source, e.Message, e);
        }

        bool hasThumbnail = _said.ThumbnailSize > 0 && session.InputMetadata.ContainsKey(ThumbnailName);
        var inputs = session.InputMetadata.Where(p => !hasThumbnail || p.Key != ThumbnailName).ToDictionary(StringComparer.Ordinal);
        _input = ImagePort.Find(source, "input", inputs, options.InputName, options.Layout);
        _output = ImagePort.Find(source, "output", session.OutputMetadata, options.OutputName, options.Layout ?? _input.Layout);
        if (inputs.Count > 1)
            throw new OnnxModelException(source, $"the model takes inputs beside the image: {string.Join(", ", inputs.Keys.Where(k => k != _input.Name))}; expected an image alone.");
        if (_input.Batch > 1)
            throw new OnnxModelException(source, $"the model takes {_input.Batch} images at a time; expected 1 or any number.");
        if (_input.Height > 0 != _input.Width > 0)
            throw new OnnxModelException(source, "the model fixes one of height and width; expected both or neither.");
        _inputNames = hasThumbnail ? [_input.Name, ThumbnailName] : [_input.Name];
        _outputNames = [_output.Name];
    }

    private bool HasThumbnail => _inputNames.Length > 1;

    /// <summary>Loads a model.</summary>
    public static OnnxSession Open(string path, OnnxRestorerOptions options)
    {
        InferenceSession? session = null;
        try
        {
            using SessionOptions settings = Providers.Session(path, options);
            session = new InferenceSession(path, settings);
            return new OnnxSession(path, session, options);
        }
        catch (Exception e)
        {
            session?.Dispose();
            if (e is OnnxRuntimeException)
                throw new OnnxModelException(path, $"ONNX Runtime refuses the model: {Suggestion.Shortened(OneLine.Of(e.Message), 400)}", e);
            if (NativeLibrary.IsMissing(e))
                throw new OnnxModelException(path, "the native library of ONNX Runtime was not found; add the package Microsoft.ML.OnnxRuntime, or Microsoft.ML.OnnxRuntime.Gpu, to the program.", e);
            throw;
        }
    }

    /// <summary>What metadata, shapes and options say together.</summary>
    public OnnxModelDescription Describe(OnnxRestorerOptions options)
    {
        (int Height, int Width)? one = _input.Height > 0 ? (_input.Height, _input.Width) : null;
        InputSize size = _said.Size with { Multiple = options.SizeMultiple ?? _said.Size.Multiple };
        OnnxModelDescription description = _said with
        {
            Range = options.Range ?? _said.Range,
            FixedSize = one,
            // A model of one size is run in parts of it, and fills up what is smaller.
            Size = one is null ? size : new InputSize { Padding = size.Padding },
            Tiling = one is null ? _said.Tiling : TilingSupport.Supported,
        };
        return description with { Scale = options.Scale ?? (_session.ModelMetadata.CustomMetadataMap.ContainsKey("gir.scale") ? _said.Scale : FindScale(description)) };
    }

    /// <summary>The model as a network.</summary>
    public RestorationNetwork Network(OnnxModelDescription description, string hash, int? overlap)
    {
        int channels = Channels(_input) - (description.TakesNoiseMap ? 1 : 0);
        int outputs = _output.Channels > 0 ? _output.Channels : channels;
        if (channels is not (1 or 3) || outputs is not (1 or 3))
        {
            throw new OnnxModelException(
                _source, $"the model makes {outputs} channels of {channels}{(description.TakesNoiseMap ? " and a noise map" : "")}; expected 1 (gray) or 3 (RGB). Is the layout another one?");
        }

        var module = new OnnxModule(this, description, outputs, overlap);
        return new RestorationNetwork(description.Architecture, HasThumbnail ? new PictureConditionedOnnxModule(module) : module)
        {
            InputChannels = channels,
            OutputChannels = outputs,
            Scale = description.Scale,
            Size = description.Size,
            Range = description.Range,
            TakesNoiseMap = description.TakesNoiseMap,
            Tiling = description.Tiling,
            TileOverlap = description.TileOverlap,
            Configuration = $"{hash} {description.Scale} {description.Range} {_input.Layout} {_input.Name} {_output.Name}",
        };
    }

    /// <summary>Runs the model.</summary>
    /// <param name="image">[n, c, h, w].</param>
    /// <param name="thumbnail">[n, c, side, side], where the model takes it.</param>
    /// <param name="expected">The shape that the output must have, [n, c, h, w]; null for any.</param>
    public Tensor Run(Tensor image, Tensor? thumbnail, TensorShape? expected)
    {
        if (_input.Batch != 1 || image.Shape[0] == 1)
            return RunOnce(image, thumbnail, expected);
        var parts = new Tensor[image.Shape[0]];
        for (int i = 0; i < parts.Length; i++)
            parts[i] = RunOnce(image.Narrow(0, i, 1), thumbnail?.Narrow(0, i, 1), expected?.With(0, 1));
        return TensorOps.Concatenate(0, parts);
    }

    public void Dispose()
    {
        _isDisposed = true;
        _session.Dispose();
    }

    private Tensor RunOnce(Tensor image, Tensor? thumbnail, TensorShape? expected)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, typeof(OnnxRestorer));
        Tensor input = _input.Layout == OnnxLayout.Nhwc ? image.Permute(0, 2, 3, 1) : image;
        using var run = new RunOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        using CancellationTokenRegistration stop = ForwardCancellation.Current.Register(static r => ((RunOptions)r!).Terminate = true, run);
        using OrtValue first = input.ToOrtValue(_input.IsHalf);
        using OrtValue? second = thumbnail?.ToOrtValue();
        try
        {
            using IDisposableReadOnlyCollection<OrtValue> outputs = _session.Run(run, _inputNames, second is null ? [first] : [first, second], _outputNames);
            GC.KeepAlive(input);
            GC.KeepAlive(thumbnail);
            return Result(outputs[0], expected);
        }
        catch (OnnxRuntimeException e)
        {
            ForwardCancellation.ThrowIfRequested();
            throw new OnnxModelException(_source, $"the model failed on an image of {image.Shape}: {Suggestion.Shortened(OneLine.Of(e.Message), 400)}", e);
        }
    }

    private Tensor Result(OrtValue value, TensorShape? expected)
    {
        TensorShape? inOrder = expected is { } e && _output.Layout == OnnxLayout.Nhwc ? [e[0], e[2], e[3], e[1]] : expected;
        long[] shape = value.GetTensorTypeAndShape().Shape;
        if (shape.Length != 4 || (inOrder is { } wanted && !shape.SequenceEqual(wanted.Sizes.ToArray().Select(s => (long)s))))
            throw new OnnxModelException(_source, $"the model made [{string.Join(", ", shape)}]; expected {inOrder?.ToString() ?? "four dimensions"}. Are scale and layout right?");
        Tensor output = value.ToTensor();
        return _output.Layout == OnnxLayout.Nhwc ? output.Permute(0, 3, 1, 2) : output;
    }

    private static int Channels(ImagePort port) => port.Channels > 0 ? port.Channels : 3;

    private int FindScale(OnnxModelDescription description)
    {
        (int height, int width, int madeHeight, int madeWidth) = (_input.Height, _input.Width, _output.Height, _output.Width);
        if (height <= 0 || madeHeight <= 0 || madeWidth <= 0)
        {
            int multiple = description.Size.Multiple;
            int side = (Math.Max(ProbeSide, description.Size.Minimum) + multiple - 1) / multiple * multiple;
            (height, width) = height > 0 ? (height, width) : (side, side);
            using TensorScope scope = TensorScope.Enter();
            int small = Math.Max(description.ThumbnailSize, 1);
            Tensor? thumbnail = HasThumbnail ? Tensor.Zeros([1, PictureThumbnail.Planes(Channels(_input)), small, small]) : null;
            TensorShape made = Run(Tensor.Zeros([1, Channels(_input), height, width]), thumbnail, null).Shape;
            (madeHeight, madeWidth) = (made[2], made[3]);
        }

        int scale = madeHeight / height;
        if (scale is < 1 or > 64 || madeHeight != height * scale || madeWidth != width * scale)
            throw new OnnxModelException(_source, $"the model makes {madeHeight} x {madeWidth} of {height} x {width}; expected the same size, or a multiple of up to 64.");
        return scale;
    }
}
