namespace Gir.Imaging.Resampling;

/// <summary>How samples are weighted. Which kernels exist, and their exact shape, is a matter of the <see cref="ResamplingConvention"/>.</summary>
public enum ResamplingKernel
{
    /// <summary>The sample at (or below) the position; all conventions.</summary>
    Nearest,

    /// <summary>Triangle over two samples; all conventions.</summary>
    Bilinear,

    /// <summary>
    /// Keys' cubic convolution over four samples ("Cubic Convolution Interpolation for Digital Image Processing", 1981); all conventions.
    /// A = -0.75 for Torch and OpenCV, A = -0.5 for MATLAB and Pillow.
    /// </summary>
    Bicubic,

    /// <summary>Windowed sinc: eight samples for OpenCV (INTER_LANCZOS4), six for MATLAB and Pillow (a = 3).</summary>
    Lanczos,

    /// <summary>Mean over the area an output sample covers: OpenCV INTER_AREA, Torch "area" (adaptive average pooling).</summary>
    Area,

    /// <summary>Box of width one, stretched when shrinking; MATLAB and Pillow.</summary>
    Box,

    /// <summary>Pillow's Hamming-windowed sinc over two samples; Pillow only.</summary>
    Hamming,
}
