using Gir.Models.Backbones.Swin;
using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.Uformer;

/// <summary>The blocks of one level; every second one shifts its windows. Planes in and out.</summary>
internal sealed class LeWinStage : MaskedModule
{
    private readonly LeWinBlock[] _blocks;
    private readonly int _window;

    public LeWinStage(int stage, UformerOptions options, LayerFactory layers)
    {
        int level = Uformer.Level(stage);
        _window = options.WindowAt(level);
        int shift = options.ShiftsAt(level) ? _window / 2 : 0;
        _blocks = new LeWinBlock[options.Depths[stage]];
        for (int i = 0; i < _blocks.Length; i++)
        {
            _blocks[i] = Child($"blocks.{i}", new LeWinBlock(
                options.Width << Uformer.Wideness(stage), _window, i % 2 == 1 ? shift : 0, options.Heads[stage], options.Modulator && stage > 4, options, layers));
        }
    }

    internal override bool MakesTokens => false;

    // The mask here is the image's: [1, 1, h, w], 1 where padding is.
    protected override Tensor Forward(Tensor x, Tensor? mask)
    {
        (int h, int w) = (x.Shape[2], x.Shape[3]);
        Tensor? padding = mask is null ? null : PaddingMask(mask, h, w);
        int shift = _blocks.Max(block => block.Shift);
        Tensor? shifted = shift == 0 ? null : Windows.ShiftMask(h, w, _window, shift, x.Backend);
        // As published, the padding's mask is cut into windows without being shifted with the image.
        if (shifted is not null && padding is not null)
            shifted += padding;
        return Scopes.Chain(x.ToTokens(), _blocks, (block, t) => block.Call(t, block.Shift > 0 ? shifted : padding)).ToPlanes();
    }

    // As published: -100 between two positions of the padding, 0 elsewhere.
    private Tensor PaddingMask(Tensor outside, int h, int w)
    {
        Tensor windows = ShiftedWindows.Partition(outside.Interpolate(h, w, InterpolationMode.Nearest).ToTokens(), _window, 0);
        return windows.MatMulTransposed(windows) * -100;
    }
}
