using System.Runtime.InteropServices;
using Gir.Imaging;
using Gir.Models.Tensors;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Tensor = Gir.Models.Tensors.Tensor;

namespace Gir.Models.OnnxRuntime;

/// <summary>Images and tensors as ONNX Runtime's values, and back.</summary>
public static class OrtValueConversions
{
    /// <summary>An image as a value [1, channels, height, width] (or channels last), over memory of its own.</summary>
    /// <param name="image">Samples in [0, 1].</param>
    /// <param name="layout">The order of dimensions.</param>
    /// <param name="range">The value of white.</param>
    public static OrtValue ToOrtValue(this ImageBuffer image, OnnxLayout layout = OnnxLayout.Nchw, float range = 1)
    {
        ArgumentNullException.ThrowIfNull(image);
        (int channels, int plane) = (image.Channels, image.PlaneLength);
        var values = new float[channels * plane];
        ReadOnlySpan<float> samples = image.Samples;
        for (int c = 0; c < channels; c++)
        {
            for (int i = 0; i < plane; i++)
                values[layout == OnnxLayout.Nchw ? (c * plane) + i : (i * channels) + c] = samples[(c * plane) + i] * range;
        }

        long[] shape = layout == OnnxLayout.Nchw ? [1, channels, image.Height, image.Width] : [1, image.Height, image.Width, channels];
        return OrtValue.CreateTensorValueFromMemory(values, shape);
    }

    /// <summary>The first image of a value of 32- or 16-bit floats, [n, channels, height, width] (or channels last), copied.</summary>
    /// <param name="value">The value.</param>
    /// <param name="layout">The order of its dimensions.</param>
    /// <param name="range">The value of white.</param>
    /// <exception cref="ArgumentException">The value holds other elements, no image, or more than fits in one.</exception>
    public static ImageBuffer ToImageBuffer(this OrtValue value, OnnxLayout layout = OnnxLayout.Nchw, float range = 1)
    {
        (int[] shape, float[] values) = Read(value);
        if (shape is not [>= 1, >= 1, >= 1, >= 1])
            throw new ArgumentException($"The value is [{string.Join(", ", shape)}]; expected four dimensions, none of them empty.", nameof(value));
        (int channels, int height, int width) = layout == OnnxLayout.Nchw ? (shape[1], shape[2], shape[3]) : (shape[3], shape[1], shape[2]);
        var image = new ImageBuffer(channels, height, width);
        Span<float> samples = image.Samples;
        int plane = image.PlaneLength;
        for (int c = 0; c < channels; c++)
        {
            for (int i = 0; i < plane; i++)
                samples[(c * plane) + i] = values[layout == OnnxLayout.Nchw ? (c * plane) + i : (i * channels) + c] / range;
        }

        return image;
    }

    /// <summary>
    /// A tensor as a value of the same shape. A tensor of the processor's engine is not copied: it must be kept until the value was used; others are.
    /// </summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="isHalf">Whether the value is to hold 16-bit floats, which are copied.</param>
    public static unsafe OrtValue ToOrtValue(this Tensor tensor, bool isHalf = false)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        long[] shape = [.. tensor.Shape.Sizes.ToArray().Select(s => (long)s)];
        if (isHalf)
            return OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(tensor.ToArray(), v => new Float16(BitConverter.HalfToUInt16Bits((Half)v))), shape);
        return tensor.Storage is HostStorage storage
            ? OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, TensorElementType.Float, shape, (nint)storage.Pointer, (long)tensor.Length * sizeof(float))
            : OrtValue.CreateTensorValueFromMemory(tensor.ToArray(), shape);
    }

    /// <summary>A value of 32- or 16-bit floats as a tensor of the same shape, copied.</summary>
    /// <exception cref="ArgumentException">The value holds other elements, or more than fit in one tensor.</exception>
    public static Tensor ToTensor(this OrtValue value)
    {
        (int[] shape, float[] values) = Read(value);
        return Tensor.From(values, TensorShape.Create(shape));
    }

    private static (int[] Shape, float[] Values) Read(OrtValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (!value.IsTensor)
            throw new ArgumentException("The value is no tensor.", nameof(value));
        OrtTensorTypeAndShapeInfo info = value.GetTensorTypeAndShape();
        if (info.Shape.Any(s => s > int.MaxValue) || info.ElementCount > Array.MaxLength)
            throw new ArgumentException($"The value is [{string.Join(", ", info.Shape)}]; at most {Array.MaxLength} elements fit.", nameof(value));
        float[] values = info.ElementDataType switch
        {
            TensorElementType.Float => value.GetTensorDataAsSpan<float>().ToArray(),
            TensorElementType.Float16 => Widened(MemoryMarshal.Cast<Float16, Half>(value.GetTensorDataAsSpan<Float16>())),
            _ => throw new ArgumentException($"The value holds {info.ElementDataType}; expected Float or Float16.", nameof(value)),
        };
        return ([.. info.Shape.Select(s => (int)s)], values);
    }

    private static float[] Widened(ReadOnlySpan<Half> halves)
    {
        var values = new float[halves.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)halves[i];
        return values;
    }
}
