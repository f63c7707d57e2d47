using Gir.Imaging;
using Gir.Models.Tensors;
using Microsoft.ML.OnnxRuntime;

namespace Gir.Models.OnnxRuntime.Tests;

public sealed class OrtValueConversionTests
{
    [TestCase(OnnxLayout.Nchw, new long[] { 1, 3, 2, 5 })]
    [TestCase(OnnxLayout.Nhwc, new long[] { 1, 2, 5, 3 })]
    public void Images_go_both_ways(OnnxLayout layout, long[] shape)
    {
        var image = new ImageBuffer(3, 2, 5, [.. Enumerable.Range(0, 30).Select(i => i / 32f)]);
        using OrtValue value = image.ToOrtValue(layout, range: 64);
        Assert.That(value.GetTensorTypeAndShape().Shape, Is.EqualTo(shape));
        Assert.That(value.GetTensorDataAsSpan<float>()[layout == OnnxLayout.Nchw ? 10 : 1], Is.EqualTo(image[1, 0, 0] * 64));
        Assert.That(value.ToImageBuffer(layout, range: 64).Array, Is.EqualTo(image.Array));
    }

    [Test]
    public void Tensors_go_both_ways_and_out_without_a_copy()
    {
        Tensor tensor = Tensor.From([1, 2, 3, 4, 5, 6], [2, 3]);
        using OrtValue value = tensor.ToOrtValue();
        using OrtValue half = tensor.ToOrtValue(isHalf: true);
        Assert.That(value.ToTensor().ToArray(), Is.EqualTo(tensor.ToArray()));
        Assert.That(half.ToTensor().ToArray(), Is.EqualTo(tensor.ToArray()));
        Assert.That(half.GetTensorTypeAndShape().Shape, Is.EqualTo(new long[] { 2, 3 }));
        tensor.Storage.Write([9, 2, 3, 4, 5, 6]);
        Assert.That(value.GetTensorDataAsSpan<float>()[0], Is.EqualTo(9));
        Assert.That(half.ToTensor().ToArray()[0], Is.EqualTo(1));
        GC.KeepAlive(tensor);
    }

    [Test]
    public void What_is_no_image_is_refused()
    {
        using OrtValue numbers = OrtValue.CreateTensorValueFromMemory(new long[] { 1, 2 }, [1, 1, 1, 2]);
        using OrtValue flat = OrtValue.CreateTensorValueFromMemory(new float[] { 1, 2 }, [2]);
        Assert.That(() => numbers.ToImageBuffer(), Throws.ArgumentException.With.Message.Contains("Int64"));
        Assert.That(() => flat.ToImageBuffer(), Throws.ArgumentException.With.Message.Contains("[2]"));
    }
}
