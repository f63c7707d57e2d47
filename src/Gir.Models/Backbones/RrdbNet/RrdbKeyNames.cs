namespace Gir.Models.Backbones.RrdbNet;

/// <summary>The names of the network's parts in one of the spellings.</summary>
internal sealed record RrdbKeyNames(
    string First, Func<int, string> Block, string DenseBlock, string DenseSuffix, string Body, Func<int, string> Up, string High, string Last)
{
    public static RrdbKeyNames Of(RrdbNetOptions options)
    {
        int ups = options.UpConvolutions;
        return options.Keys switch
        {
            RrdbKeys.BasicSr => new("conv_first", i => $"body.{i}", "rdb", "", "conv_body", i => $"conv_up{i + 1}", "conv_hr", "conv_last"),
            RrdbKeys.Trunk => new("conv_first", i => $"RRDB_trunk.{i}", "RDB", "", "trunk_conv", i => $"upconv{i + 1}", "HRconv", "conv_last"),
            // A flat list: enlargement, convolution and activation take three places per doubling, the activation after HR one.
            RrdbKeys.Numbered => new(
                "model.0", i => $"model.1.sub.{i}", "RDB", ".0", $"model.1.sub.{options.Blocks}", i => $"model.{(3 * i) + 3}",
                $"model.{(3 * ups) + 2}", $"model.{(3 * ups) + 4}"),
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Keys, "Unknown spelling of keys."),
        };
    }
}
