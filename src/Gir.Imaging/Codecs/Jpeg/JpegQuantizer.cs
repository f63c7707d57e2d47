using System.Numerics;
using Gir.Imaging.Kernels;

namespace Gir.Imaging.Codecs.Jpeg;

/// <summary>A quantization table in the form that the transform kernels read: every row of 8 entries repeated to the widest vector.</summary>
internal sealed class JpegQuantizer
{
    /// <summary>Prepares a table.</summary>
    /// <param name="steps">64 steps, natural order; only steps up to 255 can quantize, all can dequantize.</param>
    public JpegQuantizer(ReadOnlySpan<ushort> steps)
    {
        for (int i = 0; i < JpegTables.BlockLength; i++)
        {
            // The transform leaves coefficients times 8.
            int divisor = Math.Max((int)steps[i], 1) * 8;
            // n / d = n m / 2^(16+b) rounded down, with m = ceil(2^(16+b) / d) and 2^b <= d, is exact for n below 2^14: the excess of m d over 2^(16+b),
            // less than d < 2^(b+1), times n stays below 2^(16+b).
            int shift = BitOperations.Log2((uint)divisor);
            if (BitOperations.IsPow2(divisor))
                shift--;
            int reciprocal = (int)(((1L << (16 + shift)) + divisor - 1) / divisor);
            for (int x = i & 7; x < JpegTransform.TableStride; x += 8)
            {
                int at = ((i >> 3) * JpegTransform.TableStride) + x;
                Steps[at] = (short)steps[i];
                Corrections[at] = (short)(divisor / 2);
                Reciprocals[at] = (short)reciprocal;
                Scales[at] = (short)(1 << (16 - shift));
            }
        }
    }

    /// <summary>Half the divisors, added before division.</summary>
    public short[] Corrections { get; } = new short[8 * JpegTransform.TableStride];

    /// <summary>16 significant bits of the divisors' reciprocals, unsigned.</summary>
    public short[] Reciprocals { get; } = new short[8 * JpegTransform.TableStride];

    /// <summary>2^(16 - shift) of the reciprocals, unsigned.</summary>
    public short[] Scales { get; } = new short[8 * JpegTransform.TableStride];

    /// <summary>The steps themselves.</summary>
    public short[] Steps { get; } = new short[8 * JpegTransform.TableStride];

    /// <summary>The table of a quality as libjpeg scales it.</summary>
    public static JpegQuantizer FromQuality(int quality, bool chroma) => new(JpegTables.QuantizationSteps(quality, chroma));

    /// <summary>Level-shifted samples to quantized coefficients, in place.</summary>
    public void Forward(Span<short> strip, int stride, int blocks) =>
        JpegForwardDct.Transform(strip, stride, blocks, Corrections, Reciprocals, Scales);

    /// <summary>Quantized coefficients to level-shifted samples, in place.</summary>
    public void Inverse(Span<short> strip, int stride, int blocks) => JpegInverseDct.Transform(strip, stride, blocks, Steps);
}
