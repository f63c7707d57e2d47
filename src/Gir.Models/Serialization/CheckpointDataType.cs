namespace Gir.Models.Serialization;

/// <summary>The type of a stored tensor's elements.</summary>
public enum CheckpointDataType
{
    /// <summary>IEEE 754 single precision.</summary>
    Float32,

    /// <summary>IEEE 754 double precision.</summary>
    Float64,

    /// <summary>IEEE 754 half precision.</summary>
    Float16,

    /// <summary>The upper half of a single.</summary>
    BFloat16,

    /// <summary>Signed, 1 byte.</summary>
    Int8,

    /// <summary>Signed, 2 bytes.</summary>
    Int16,

    /// <summary>Signed, 4 bytes.</summary>
    Int32,

    /// <summary>Signed, 8 bytes.</summary>
    Int64,

    /// <summary>Unsigned, 1 byte.</summary>
    UInt8,

    /// <summary>Unsigned, 2 bytes.</summary>
    UInt16,

    /// <summary>Unsigned, 4 bytes.</summary>
    UInt32,

    /// <summary>Unsigned, 8 bytes.</summary>
    UInt64,

    /// <summary>One byte, 0 or else.</summary>
    Boolean,
}

/// <summary>Facts of data types.</summary>
internal static class CheckpointDataTypes
{
    public static int Size(this CheckpointDataType type) => type switch
    {
        CheckpointDataType.Float64 or CheckpointDataType.Int64 or CheckpointDataType.UInt64 => 8,
        CheckpointDataType.Float32 or CheckpointDataType.Int32 or CheckpointDataType.UInt32 => 4,
        CheckpointDataType.Float16 or CheckpointDataType.BFloat16 or CheckpointDataType.Int16 or CheckpointDataType.UInt16 => 2,
        _ => 1,
    };

    /// <summary>The type of a name of the safetensors format, or null.</summary>
    public static CheckpointDataType? FromSafeTensors(string name) => name switch
    {
        "F32" => CheckpointDataType.Float32,
        "F64" => CheckpointDataType.Float64,
        "F16" => CheckpointDataType.Float16,
        "BF16" => CheckpointDataType.BFloat16,
        "I8" => CheckpointDataType.Int8,
        "I16" => CheckpointDataType.Int16,
        "I32" => CheckpointDataType.Int32,
        "I64" => CheckpointDataType.Int64,
        "U8" => CheckpointDataType.UInt8,
        "U16" => CheckpointDataType.UInt16,
        "U32" => CheckpointDataType.UInt32,
        "U64" => CheckpointDataType.UInt64,
        "BOOL" => CheckpointDataType.Boolean,
        _ => null,
    };

    /// <summary>The type of a storage class of PyTorch, or null.</summary>
    public static CheckpointDataType? FromTorchStorage(string name) => name switch
    {
        "FloatStorage" => CheckpointDataType.Float32,
        "DoubleStorage" => CheckpointDataType.Float64,
        "HalfStorage" => CheckpointDataType.Float16,
        "BFloat16Storage" => CheckpointDataType.BFloat16,
        "CharStorage" => CheckpointDataType.Int8,
        "ShortStorage" => CheckpointDataType.Int16,
        "IntStorage" => CheckpointDataType.Int32,
        "LongStorage" => CheckpointDataType.Int64,
        "ByteStorage" => CheckpointDataType.UInt8,
        "BoolStorage" => CheckpointDataType.Boolean,
        _ => null,
    };

    /// <summary>Bytes of an element of a storage class of PyTorch; 0 for classes that are unknown.</summary>
    public static int WidthOfTorchStorage(string name) => name switch
    {
        "ComplexDoubleStorage" => 16,
        "ComplexFloatStorage" => 8,
        "QInt32Storage" => 4,
        "QInt8Storage" or "QUInt8Storage" or "QUInt4x2Storage" or "QUInt2x4Storage" or "UntypedStorage" or "_UntypedStorage" => 1,
        _ => FromTorchStorage(name)?.Size() ?? 0,
    };
}
