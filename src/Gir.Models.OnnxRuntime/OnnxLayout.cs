namespace Gir.Models.OnnxRuntime;

/// <summary>In what order a model's tensors hold images.</summary>
public enum OnnxLayout
{
    /// <summary>[batch, channels, height, width], as PyTorch exports.</summary>
    Nchw,

    /// <summary>[batch, height, width, channels], as TensorFlow exports.</summary>
    Nhwc,
}
