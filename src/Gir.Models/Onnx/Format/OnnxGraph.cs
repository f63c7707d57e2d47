namespace Gir.Models.Onnx.Format;

/// <summary>An input or output of a graph.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">Its sizes: numbers, or names of sizes that vary.</param>
/// <param name="Type">Its elements.</param>
internal sealed record OnnxPort(string Name, IReadOnlyList<object> Shape, OnnxType Type = OnnxType.Float32);

/// <summary>A graph of ONNX nodes, written as a model file: the values of constants are read one tensor after another.</summary>
internal sealed class OnnxGraph
{
    /// <summary>The version of ONNX's operators that the nodes are meant by.</summary>
    public const int OperatorSet = 17;

    // The file format's version of that operator set.
    private const int FormatVersion = 8;

    private readonly List<ProtoMessage> _nodes = [];
    private readonly List<OnnxTensor> _constants = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private int _numbered;

    /// <summary>The inputs.</summary>
    public List<OnnxPort> Inputs { get; } = [];

    /// <summary>The outputs.</summary>
    public List<OnnxPort> Outputs { get; } = [];

    /// <summary>Adds a node of one output, and gives it a name.</summary>
    public string Node(string type, IReadOnlyList<string> inputs, params ReadOnlySpan<OnnxAttribute> attributes)
    {
        string output = $"{type}_{_numbered++}";
        AddNode(type, inputs, output, attributes);
        return output;
    }

    /// <summary>Gives a value a name that others know.</summary>
    public void Name(string value, string name) => AddNode("Identity", [value], name, []);

    /// <summary>Adds a constant, once for each name.</summary>
    public string Constant(OnnxTensor tensor)
    {
        if (_names.Add(tensor.Name))
            _constants.Add(tensor);
        return tensor.Name;
    }

    /// <summary>Whole numbers.</summary>
    public string Integers(params long[] values) =>
        Constant(new OnnxTensor("int:" + string.Join(',', values), OnnxType.Int64, [values.Length], () => values));

    /// <summary>One whole number without dimensions.</summary>
    public string Integer(long value) => Constant(new OnnxTensor($"int0:{value}", OnnxType.Int64, [], () => new[] { value }));

    /// <summary>One number without dimensions.</summary>
    public string Real(float value) => Constant(new OnnxTensor(
        "float:" + value.ToString("R", System.Globalization.CultureInfo.InvariantCulture), OnnxType.Float32, [], () => new[] { value }));

    /// <summary>Writes the model.</summary>
    /// <param name="stream">Where to; it needs not be seekable.</param>
    /// <param name="name">The graph's name.</param>
    /// <param name="description">What the model is, in words.</param>
    /// <param name="metadata">Texts by key.</param>
    /// <exception cref="OnnxExportException">The model is larger than a file of this format can be.</exception>
    public void Write(Stream stream, string name, string description, IReadOnlyDictionary<string, string> metadata)
    {
        // GraphProto: node 1, name 2, initializer 5, input 11, output 12.
        var nodes = new ProtoMessage();
        foreach (ProtoMessage node in _nodes)
            nodes.Message(1, node);
        nodes.Text(2, name);
        var ports = new ProtoMessage();
        foreach (OnnxPort input in Inputs)
            ports.Message(11, ToMessage(input));
        foreach (OnnxPort output in Outputs)
            ports.Message(12, ToMessage(output));
        (OnnxTensor Tensor, ProtoMessage Start)[] constants = [.. _constants.Select(c => (c, Start(c)))];
        long length = nodes.Bytes.Length + ports.Bytes.Length + constants.Sum(c => c.Start.Bytes.Length + c.Tensor.ByteLength);

        // ModelProto: ir_version 1, producer_name 2, producer_version 3, doc_string 6, graph 7, opset_import 8, metadata_props 14.
        ProtoMessage head = new ProtoMessage()
            .Integer(1, FormatVersion)
            .Text(2, "Gir")
            .Text(6, description)
            .Message(8, new ProtoMessage().Text(1, "").Integer(2, OperatorSet));
        foreach ((string key, string value) in metadata.OrderBy(m => m.Key, StringComparer.Ordinal))
            head.Message(14, new ProtoMessage().Text(1, key).Text(2, value));
        head.BlockStart(7, length);
        if (length + head.Bytes.Length > int.MaxValue)
            throw new OnnxExportException($"The model would have {length + head.Bytes.Length} bytes; an ONNX file holds at most {int.MaxValue}. Store the weights as 16-bit floats.");

        stream.Write(head.Bytes);
        stream.Write(nodes.Bytes);
        foreach ((OnnxTensor tensor, ProtoMessage start) in constants)
        {
            stream.Write(start.Bytes);
            tensor.WriteValues(stream);
        }

        stream.Write(ports.Bytes);
    }

    private static ProtoMessage Start(OnnxTensor tensor)
    {
        ProtoMessage head = tensor.Head();
        var start = new ProtoMessage();
        start.BlockStart(5, head.Bytes.Length + tensor.ByteLength);
        start.Append(head);
        return start;
    }

    // ValueInfoProto: name 1, type 2; TypeProto: tensor_type 1; its elem_type 1, shape 2; a shape's dim 1; its dim_value 1, dim_param 2.
    private static ProtoMessage ToMessage(OnnxPort port)
    {
        var shape = new ProtoMessage();
        foreach (object size in port.Shape)
            shape.Message(1, size is string text ? new ProtoMessage().Text(2, text) : new ProtoMessage().Integer(1, (long)size));
        ProtoMessage tensor = new ProtoMessage().Integer(1, (long)port.Type).Message(2, shape);
        return new ProtoMessage().Text(1, port.Name).Message(2, new ProtoMessage().Message(1, tensor));
    }

    // NodeProto: input 1, output 2, name 3, op_type 4, attribute 5.
    private void AddNode(string type, IReadOnlyList<string> inputs, string output, ReadOnlySpan<OnnxAttribute> attributes)
    {
        var node = new ProtoMessage();
        foreach (string input in inputs)
            node.Text(1, input);
        node.Text(2, output).Text(3, output).Text(4, type);
        foreach (OnnxAttribute attribute in attributes)
            node.Message(5, attribute.ToMessage());
        _nodes.Add(node);
    }
}
