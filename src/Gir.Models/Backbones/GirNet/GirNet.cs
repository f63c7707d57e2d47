using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.GirNet;

/// <summary>
/// Our own network for blind general restoration: DRUNet's U-Net of residual blocks (Zhang et al., TPAMI 2021) on unshuffled pixels (FFDNet; Zhang et al.,
/// TIP 2018), its levels modulated (FiLM; Perez et al., AAAI 2018) by a code of the whole picture. The output is x + c(x) (g(x) x + r(x)), since weather scales
/// what it veils; c in (0, 1.22), one for each 16 x 16 pixels and blended between them, says how far the change is to be trusted, so that to leave a place alone is
/// one decision instead of one for every pixel. A new network is the identity. Sizes are multiples of 16.
/// </summary>
internal sealed class GirNet : Module, IPictureConditioned
{
    private const int Levels = 3;
    private const int Unshuffle = 2;

    private readonly PictureEncoder _encoder;
    private readonly Conv2d _head;
    private readonly GirNetLevel[] _down = new GirNetLevel[Levels];
    private readonly Conv2d[] _shrink = new Conv2d[Levels];
    private readonly GirNetLevel _body;
    private readonly ConvTranspose2d[] _grow = new ConvTranspose2d[Levels];
    private readonly GirNetLevel[] _up = new GirNetLevel[Levels];
    private readonly Conv2d _tail;
    private readonly Trust? _trust;
    private readonly int _channels;

    /// <summary>Creates the network.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public GirNet(GirNetOptions? options = null)
    {
        options ??= new();
        options.Validate();
        IReadOnlyList<int> features = options.Features;
        var layers = new LayerFactory(options.Seed);
        _channels = options.Channels;
        ThumbnailSize = options.Thumbnail;
        int cells = options.Channels * Unshuffle * Unshuffle;
        GirNetLevel Level(int index) => new(features[index], options.Blocks, options.Code, layers);

        _encoder = Child("encoder", new PictureEncoder(options.Channels, options.Code, layers));
        _head = Child("head", layers.Convolution(cells, features[0]));
        for (int i = 0; i < Levels; i++)
        {
            _down[i] = Child($"down{i}", Level(i));
            _shrink[i] = Child($"shrink{i}", layers.Strided(features[i], features[i + 1], 2, 2, 0));
        }

        _body = Child("body", Level(Levels));
        for (int i = Levels - 1; i >= 0; i--)
        {
            _grow[i] = Child($"grow{i}", layers.Doubling(features[i + 1], features[i]));
            _up[i] = Child($"up{i}", Level(i));
        }

        _tail = Child("tail", layers.Zero(features[0], 2 * cells));
        if (options.Trust > 0)
            _trust = Child("trust", new Trust(features[Levels], options.Trust, layers));
    }

    /// <summary>Height and width of the thumbnail that the picture's code is made of.</summary>
    public int ThumbnailSize { get; }

    /// <inheritdoc/>
    public Tensor Encode(Tensor thumbnails) => _encoder.Call(thumbnails);

    /// <inheritdoc/>
    public Tensor Call(Tensor x, Tensor code) => Scopes.Run(() => Restore(x, code));

    /// <summary>Takes the input for the whole picture.</summary>
    protected override Tensor Forward(Tensor x) => Restore(x, _encoder.Call(PictureThumbnail.Of(x, ThumbnailSize)));

    private Tensor Restore(Tensor x, Tensor code)
    {
        var skips = new Tensor[Levels];
        Tensor y = _head.Call(x.PixelUnshuffle(Unshuffle));
        for (int i = 0; i < Levels; i++)
        {
            skips[i] = _down[i].Call(y, code);
            y = _shrink[i].Call(skips[i]);
        }

        y = _body.Call(y, code);
        Tensor? trust = _trust?.Call(y);
        for (int i = Levels - 1; i >= 0; i--)
            y = _up[i].Call(_grow[i].Call(y).AddInPlace(skips[i]), code);
        y = _tail.Call(y).PixelShuffle(Unshuffle);
        Tensor gain = y.Narrow(1, 0, _channels);
        Tensor change = (gain * x) + y.Narrow(1, _channels, _channels);
        return trust is null ? x + change : x + (change * trust.Interpolate(x.Shape[2], x.Shape[3], InterpolationMode.Bilinear));
    }
}
