using Gir.Models.Backbones.StyleGan2;
using Gir.Models.Tensors;

namespace Gir.Models.Tests.Tensors;

internal static partial class OperatorCases
{
    private static IEnumerable<OperatorCase> StyleGan()
    {
        yield return new("UpFirDn2d/3", "", d =>
        {
            (FirFilter rows, FirFilter columns) = (Filter(d), Filter(d));
            return Of(d.Leaf(d.Images(minimumSide: 6)), x => x.UpFirDn2d(rows, columns));
        });
        yield return new("BiasLeakyRelu/4", "", d =>
        {
            TensorShape shape = d.Shape(2, 4);
            return Of(d.Leaf(shape, 0.2, 1), d.Leaf([shape[1]], -0.1, 0.1), (x, b) => x.BiasLeakyRelu(b));
        });
        yield return new("BiasLeakyRelu/4", "without bias", d => Of(d.Leaf(d.Shape(2, 4)), x => x.BiasLeakyRelu(null, 0.1f, 2)));
        yield return new("PixelNorm/1", "", d => Of(d.Leaf(d.Shape(2, 4)), x => x.PixelNorm()));
        foreach (StyleSampling sampling in Enum.GetValues<StyleSampling>())
        {
            foreach (bool demodulate in new[] { true, false })
            {
                yield return new("ModulatedConv2d/6", $"{sampling}, {(demodulate ? "demodulated" : "plain")}", d =>
                {
                    TensorShape shape = d.Images(minimumSide: 4);
                    FirFilter? filter = sampling switch
                    {
                        StyleSampling.Up => new FirFilter([0.25f, 0.75f, 0.5f, 0.25f], before: 1, after: 1),
                        StyleSampling.Down => new FirFilter([0.25f, 0.75f, 0.5f, 0.25f], before: 2, after: 2),
                        _ => null,
                    };
                    int weight = d.Leaf([d.Integer(1, 4), shape[1], 3, 3]);
                    int style = d.Leaf([shape[0], shape[1]], 0.5, 1.5);
                    int x = d.Leaf(shape);
                    return leaves => leaves[x].ModulatedConv2d(leaves[weight], leaves[style], demodulate, sampling, filter);
                });
            }
        }

        yield return new("MinibatchDeviation/2", "", d =>
        {
            int size = d.OneOf(1, 2, 3, 4, 8);
            return Of(d.Leaf([size, d.Size(1, 3), d.Size(1, 5), d.Size(1, 5)]), x => x.MinibatchDeviation());
        });
    }

    private static FirFilter Filter(Draw d) => new(
        d.Values(d.Integer(1, 5)), d.Integer(1, 3), d.Integer(1, 3), d.Integer(-1, 3), d.Integer(-1, 3));
}
