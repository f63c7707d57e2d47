using Gir.Imaging.Random;
using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones;

/// <summary>
/// Makes a transformer's layers as the authors start them: linear layers and tables from N(0, 0.02^2), convolutions as torch does;
/// layer number n draws the same weights whatever the others are.
/// </summary>
internal sealed class TransformerLayers(ulong seed)
{
    private ulong _count;

    /// <summary>A convolution; by default it keeps the size (zeros around).</summary>
    public Conv2d Convolution(int inputs, int outputs, int kernel = 3, int groups = 1, bool bias = true, int stride = 1, int? padding = null) =>
        new(inputs, outputs, kernel, stride, padding ?? kernel / 2, groups: groups, bias: bias, seed: Next());

    /// <summary>The 2 x 2 transposed convolution that doubles the size.</summary>
    public ConvTranspose2d Doubling(int inputs, int outputs) => new(inputs, outputs, 2, 2, seed: Next());

    /// <summary>A linear layer with weights from N(0, 0.02^2) and bias 0.</summary>
    public Linear Linear(int inputs, int outputs, bool bias = true)
    {
        Initializer initial = Table();
        var layer = new Linear(inputs, outputs, bias);
        if (Initializer.IsLoading)
            return layer;
        Overwrite(layer.Weight, initial);
        if (layer.Bias is not null)
            Overwrite(layer.Bias, Initializer.Constant(0));
        return layer;
    }

    /// <summary>Starting values of a table or embedding.</summary>
    public Initializer Table() => Initializer.TruncatedNormal(Next());

    private static void Overwrite(Tensor target, Initializer initializer)
    {
        using TensorScope scope = TensorScope.Enter();
        target.Storage.Write(initializer.Create(target.Shape, "weight").ToArray());
    }

    private ulong Next() => Philox4x32.DeriveSeed(seed, _count++);
}
