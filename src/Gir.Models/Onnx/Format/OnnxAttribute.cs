namespace Gir.Models.Onnx.Format;

/// <summary>A named constant of a node.</summary>
/// <param name="Name">Its name in the operator's definition.</param>
/// <param name="Value">A long, a float, a string, several longs, or the only element of a float tensor.</param>
internal readonly record struct OnnxAttribute(string Name, object Value)
{
    public ProtoMessage ToMessage()
    {
        // AttributeProto: name 1, f 2, i 3, s 4, t 5, ints 8, type 20.
        ProtoMessage message = new ProtoMessage().Text(1, Name);
        switch (Value)
        {
            case float real:
                return message.Real(2, real).Integer(20, 1);
            case long integer:
                return message.Integer(3, integer).Integer(20, 2);
            case string text:
                return message.Text(4, text).Integer(20, 3);
            case float[] element:
                return message.Message(5, OnnxTensor.Element(element[0])).Integer(20, 4);
            default:
                foreach (long integer in (long[])Value)
                    message.Integer(8, integer);
                return message.Integer(20, 7);
        }
    }
}
