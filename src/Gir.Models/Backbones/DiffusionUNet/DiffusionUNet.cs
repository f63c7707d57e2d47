using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.DiffusionUNet;

/// <summary>
/// The U-Net that predicts noise (Dhariwal, Nichol: "Diffusion Models Beat GANs on Image Synthesis", NeurIPS 2021; with transformers Rombach et al., CVPR 2022):
/// time_embed, input_blocks, middle_block, output_blocks, out. [n, c, h, w] with height and width multiples of <see cref="DiffusionUNetOptions.SizeMultiple"/>.
/// </summary>
internal sealed class DiffusionUNet : DiffusionEncoder
{
    private readonly DiffusionStack[] _outputBlocks;
    private readonly GroupNorm _norm;
    private readonly Conv2d _last;

    /// <exception cref="ArgumentException">An option is out of range or contradicts another.</exception>
    public DiffusionUNet(DiffusionUNetOptions options)
        : this(options, new LayerFactory(options.Seed))
    {
    }

    private DiffusionUNet(DiffusionUNetOptions options, LayerFactory layers)
        : base(options, options.InputChannels, layers)
    {
        var skips = new Stack<int>(InputWidths);
        var blocks = new List<DiffusionStack>();
        int channels = InputWidths[^1];
        for (int level = options.Multipliers.Count - 1; level >= 0; level--)
        {
            int outputs = options.Channels * options.Multipliers[level];
            for (int i = 0; i <= options.Blocks; i++)
            {
                blocks.Add(Stack(channels + skips.Pop(), outputs, level, level > 0 && i == options.Blocks ? BlockResampling.Up : BlockResampling.None, layers));
                channels = outputs;
            }
        }

        _outputBlocks = [.. blocks];
        for (int i = 0; i < _outputBlocks.Length; i++)
            Child($"output_blocks.{i}", _outputBlocks[i]);
        _norm = Child("out.0", new GroupNorm(options.Groups, channels));
        _last = Child("out.2", layers.Zero(channels, options.OutputChannels));
    }

    /// <summary>What the network makes of noisy latents.</summary>
    /// <param name="x">[n, c, h, w].</param>
    /// <param name="timesteps">One for each image.</param>
    /// <param name="context">[n, tokens, features] where transformers ask one.</param>
    /// <param name="control">What is added to each skip and, last, to the middle's result; a null adds nothing. Null without control.</param>
    /// <returns>[n, o, h, w].</returns>
    public Tensor Predict(Tensor x, IReadOnlyList<int> timesteps, Tensor? context = null, IReadOnlyList<Tensor?>? control = null)
    {
        if (x.Rank != 4 || x.Shape[2] % Options.SizeMultiple != 0 || x.Shape[3] % Options.SizeMultiple != 0)
            throw new TensorShapeException("diffusion u-net", $"{x.Shape}", $"[n, c, h, w] with height and width multiples of {Options.SizeMultiple}");
        if (control is not null && control.Count != InputBlocks.Count + 1)
            throw new ArgumentException($"Found {control.Count} control tensors; expected {InputBlocks.Count + 1}.", nameof(control));
        return Scopes.Run(() =>
        {
            DiffusionCondition condition = Condition(x, timesteps, context);
            var skips = new Stack<Tensor>();
            Tensor y = x;
            foreach (DiffusionStack block in InputBlocks)
                skips.Push(y = block.Call(y, condition));
            y = MiddleBlock.Call(y, condition);
            if (control?[^1] is { } middle)
                y += middle;
            foreach (DiffusionStack block in _outputBlocks)
            {
                Tensor skip = skips.Pop();
                Tensor? added = control?[skips.Count];
                y = Scopes.Run((block, y, skip, added, condition), static s =>
                    s.block.Call(TensorOps.Concatenate(1, s.y, s.added is null ? s.skip : s.skip + s.added), s.condition));
            }

            return _last.Call(_norm.Activated(y));
        });
    }
}
