using Gir.Models.Zoo;

namespace Gir.Models.Tests.Serialization;

/// <summary>Networks of a few hundred weights.</summary>
internal static class TinyNetworks
{
    public static RestorationNetwork Srcnn() => Create("SRCNN", """{"channels": 3, "features": [3, 2], "kernels": [3, 1, 3]}""");

    public static RestorationNetwork SrResNet() => Create("SRResNet", """{"num_feat": 4, "num_block": 2, "upscale": 1}""");

    public static RestorationNetwork DnCnn() => Create("DnCNN", """{"in_nc": 1, "nc": 4, "nb": 5}""");

    /// <summary>One of every architecture, in their order.</summary>
    public static IEnumerable<RestorationNetwork> All =>
    [
        Srcnn(),
        SrResNet(),
        Create("EDSR", """{"num_feat": 4, "num_block": 1, "upscale": 2}"""),
        Create("RRDBNet", """{"num_feat": 8, "num_block": 1, "num_grow_ch": 4, "scale": 1}"""),
        Create("SRVGGNetCompact", """{"num_feat": 4, "num_conv": 2, "upscale": 2}"""),
        DnCnn(),
        Create("FFDNet", """{"in_nc": 1, "nc": 4, "nb": 3}"""),
        Create("DRUNet", """{"nc": [4, 4, 8, 8], "nb": 1}"""),
        Create("UNet", """{"dim": 4}"""),
        Create("GirNet", """{"features": [4, 4, 4, 4], "blocks": 1, "code": 8, "thumbnail": 8}"""),
        Create("NAFNet", """{"width": 4, "enc_blk_nums": [1, 1], "middle_blk_num": 1, "dec_blk_nums": [1, 1]}"""),
        Create("HINet", """{"wf": 4, "depth": 3, "hin_position_left": 1, "hin_position_right": 2}"""),
        Create("DASR", """{"scale": 1, "n_groups": 1, "n_blocks": 1, "n_feats": 8, "encoder_widths": [4, 4, 8], "queue": 8}"""),
        Create("SwinIR", """{"upscale": 1, "window_size": 4, "depths": [2], "embed_dim": 8, "num_heads": [2], "ape": true, "img_size": 8}"""),
        Create("Restormer", """{"dim": 8, "num_blocks": [1, 1, 1, 1], "num_refinement_blocks": 1, "heads": [1, 1, 1, 1]}"""),
        Create("Uformer", """{"img_size": 32, "embed_dim": 4, "win_size": 2, "depths": [1, 1, 1, 1, 1, 1, 1, 1, 1], "num_heads": [1, 1, 1, 1, 1, 1, 1, 1, 1]}"""),
        Create("HAT", """{"upscale": 2, "window_size": 4, "depths": [1], "embed_dim": 12, "num_heads": [2], "compress_ratio": 3, "squeeze_factor": 6, "overlap_ratio": 0.5}"""),
    ];

    private static RestorationNetwork Create(string name, string hyper) => ModelZoo.CreateNetwork(name, HyperParameters.Parse(hyper));
}
