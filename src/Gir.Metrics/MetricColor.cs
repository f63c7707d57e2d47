namespace Gir.Metrics;

/// <summary>Which plane or planes of an image a metric looks at. Levels are 255 times the samples.</summary>
/// <remarks>An image of one channel is taken as it is (rounded where the member says so); the gray conversions need one or three channels.</remarks>
public enum MetricColor
{
    /// <summary>Every channel by itself; the metric says how it joins them.</summary>
    Rgb,

    /// <summary>Luma of BT.601, limited range: (65.481 R + 128.553 G + 24.966 B) / 255 + 16 of levels, not rounded (BasicSR, MATLAB rgb2ycbcr before rounding).</summary>
    LumaBt601,

    /// <summary>MATLAB's rgb2gray: weights 0.298936021293775, 0.587043074451121, 0.114020904255103, rounded half up to whole levels.</summary>
    GrayMatlab,

    /// <summary>(299 R + 587 G + 114 B) / 1000 of levels, rounded half to even to whole levels (pyiqa's "yiq").</summary>
    GrayYiqRounded,

    /// <summary>(299 R + 587 G + 114 B) / 1000 of levels, not rounded.</summary>
    GrayYiq,
}
