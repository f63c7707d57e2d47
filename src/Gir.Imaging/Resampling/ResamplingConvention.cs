namespace Gir.Imaging.Resampling;

/// <summary>Whose resampling: each library places its samples, treats edges and shrinks in its own way.</summary>
public enum ResamplingConvention
{
    /// <summary>
    /// PyTorch <c>interpolate</c> with align_corners=False: half-pixel centers, edge clamp, no antialiasing, not clipped.
    /// A resize by scale samples at steps of exactly 1 / scale, sizes are rounded down.
    /// </summary>
    Torch,

    /// <summary>OpenCV <c>resize</c> on float: as <see cref="Torch"/> but for the nearest, area and Lanczos kernels; sizes by scale are rounded half to even.</summary>
    OpenCv,

    /// <summary>MATLAB <c>imresize</c> on floating point: the kernel is stretched when shrinking, edges are mirrored, sizes by scale are rounded up; not clipped.</summary>
    Matlab,

    /// <summary>
    /// MATLAB <c>imresize</c> on uint8, releases before about 2015: 8-bit input, rounding and clipping to 8 bits after each pass, indices clamped
    /// at the edges. The low-resolution images of the super-resolution benchmarks were made so.
    /// </summary>
    MatlabUint8,

    /// <summary><see cref="MatlabUint8"/> of later releases: edges are mirrored.</summary>
    MatlabUint8Symmetric,

    /// <summary>
    /// Pillow <c>Image.resize</c> on 8-bit images: weights of 22 bits, rounding and clipping to 8 bits after each pass, the kernel stretched when
    /// shrinking, weights outside the image dropped and the others renormalized. Sizes by scale are rounded half to even.
    /// </summary>
    Pillow,

    /// <summary>Pillow <c>Image.resize</c> in mode "F": as <see cref="Pillow"/> without quantization.</summary>
    PillowFloat,
}
