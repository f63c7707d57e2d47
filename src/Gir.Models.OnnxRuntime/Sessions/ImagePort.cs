using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Gir.Models.OnnxRuntime.Sessions;

/// <summary>An input or output of images.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Layout">The order of its dimensions.</param>
/// <param name="Batch">Images at a time; -1 for any number.</param>
/// <param name="Channels">Channels; -1 where the model does not say.</param>
/// <param name="Height">Rows; -1 for any number.</param>
/// <param name="Width">Columns; -1 for any number.</param>
/// <param name="IsHalf">Whether samples are 16-bit floats.</param>
internal sealed record ImagePort(string Name, OnnxLayout Layout, int Batch, int Channels, int Height, int Width, bool IsHalf)
{
    /// <summary>Finds the input or output of images.</summary>
    /// <param name="source">The model's file.</param>
    /// <param name="kind">"input" or "output".</param>
    /// <param name="ports">All of its kind.</param>
    /// <param name="wanted">The name that was asked for; null for the only one of four dimensions.</param>
    /// <param name="layout">The order of dimensions; null for what the shape says.</param>
    /// <exception cref="OnnxModelException">There is none, or several.</exception>
    public static ImagePort Find(string source, string kind, IReadOnlyDictionary<string, NodeMetadata> ports, string? wanted, OnnxLayout? layout)
    {
        string all = string.Join(", ", ports.Take(8).Select(p => $"'{p.Key}' {Text(p.Value)}")) + (ports.Count > 8 ? ", .." : "");
        string[] images = [.. ports.Where(p => p.Value.IsTensor && p.Value.Dimensions.Length == 4).Select(p => p.Key)];
        if (wanted is not null && !images.Contains(wanted))
            throw new OnnxModelException(source, $"there is no {kind} '{wanted}' of four dimensions; the {kind}s are {all}.");
        if (wanted is null && (images.Length == 0 || (images.Length > 1 && kind == "input")))
            throw new OnnxModelException(source, $"expected one {kind} of four dimensions, found {images.Length}: the {kind}s are {all}.{(images.Length > 1 ? " Say which." : "")}");
        string name = wanted ?? images[0];
        NodeMetadata port = ports[name];
        if (port.ElementDataType is not (TensorElementType.Float or TensorElementType.Float16))
            throw new OnnxModelException(source, $"the {kind} '{name}' holds {port.ElementDataType}; expected Float or Float16.");
        int[] d = port.Dimensions;
        OnnxLayout order = layout ?? (!IsChannels(d[1]) && IsChannels(d[3]) ? OnnxLayout.Nhwc : OnnxLayout.Nchw);
        bool isHalf = port.ElementDataType == TensorElementType.Float16;
        return order == OnnxLayout.Nchw ? new(name, order, d[0], d[1], d[2], d[3], isHalf) : new(name, order, d[0], d[3], d[1], d[2], isHalf);
    }

    private static bool IsChannels(int size) => size is >= 1 and <= 4;

    private static string Text(NodeMetadata port) =>
        port.IsTensor ? $"{port.ElementDataType} [{string.Join(", ", port.Dimensions.Select(d => d < 0 ? "any" : d.ToString(System.Globalization.CultureInfo.InvariantCulture)))}]" : "(no tensor)";
}
