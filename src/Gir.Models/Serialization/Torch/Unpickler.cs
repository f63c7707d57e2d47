using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Gir.Models.Serialization.Torch;

/// <summary>
/// An interpreter for the pickles of checkpoints: scalars, dictionaries, lists, tuples, and of all globals those of <see cref="PickleGlobal"/>.
/// </summary>
/// <remarks>
/// Values: null, bool, long, <see cref="BigInteger"/>, double, string, <see cref="List{T}"/> (list), object?[] (tuple),
/// <see cref="PickleDictionary"/>, <see cref="PickleGlobal"/>, <see cref="TorchStorage"/>, <see cref="TorchTensor"/>. There is no recursion, and
/// no memory beyond a few words for each opcode, of which there is a limit.
/// </remarks>
internal sealed class Unpickler(CheckpointSource source, ReadOnlyMemory<byte> pickle, long start)
{
    private const int HighestProtocol = 5;
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private readonly List<object?> _stack = [];
    private readonly Stack<int> _marks = [];
    private readonly Dictionary<uint, object?> _memo = new(SeededComparer.Instance);
    private readonly Dictionary<string, TorchStorage> _storages = new(StringComparer.Ordinal);
    private long _operations;
    private int _position;
    private int _opcode;

    /// <summary>The storages that tensors refer to, in the order in which they are named first.</summary>
    public IReadOnlyCollection<TorchStorage> Storages => _storages.Values;

    /// <summary>Offset in the file of the next byte; after <see cref="Run"/>, just after the pickle.</summary>
    public long Position => start + _position;

    private long OpcodePosition => start + _opcode;

    /// <summary>Runs to the STOP opcode and returns the value it leaves.</summary>
    public object? Run()
    {
        while (_operations++ < source.Limits.MaxPickleOperations)
        {
            _opcode = _position;
            byte opcode = ReadByte();
            if (opcode == (byte)'.')
                return Pop();
            Execute(opcode);
        }

        throw Malformed($"it has more than {source.Limits.MaxPickleOperations} operations");
    }

    private void Execute(byte opcode)
    {
        switch (opcode)
        {
            case 0x80: // PROTO
                if (ReadByte() > HighestProtocol)
                    throw Malformed($"its protocol is above {HighestProtocol}");
                break;
            case 0x95: // FRAME: a hint for reading ahead
                Read(8);
                break;
            case (byte)'(': // MARK
                _marks.Push(_stack.Count);
                break;
            case (byte)'N': // NONE
                _stack.Add(null);
                break;
            case 0x88: // NEWTRUE
                _stack.Add(true);
                break;
            case 0x89: // NEWFALSE
                _stack.Add(false);
                break;
            case (byte)'K': // BININT1
                _stack.Add((long)ReadByte());
                break;
            case (byte)'M': // BININT2
                _stack.Add((long)BinaryPrimitives.ReadUInt16LittleEndian(Read(2)));
                break;
            case (byte)'J': // BININT
                _stack.Add((long)BinaryPrimitives.ReadInt32LittleEndian(Read(4)));
                break;
            case 0x8A: // LONG1
                PushLong(Read(ReadByte()));
                break;
            case (byte)'G': // BINFLOAT
                _stack.Add(BinaryPrimitives.ReadDoubleBigEndian(Read(8)));
                break;
            case (byte)'X': // BINUNICODE
                _stack.Add(ReadText(BinaryPrimitives.ReadUInt32LittleEndian(Read(4))));
                break;
            case 0x8C: // SHORT_BINUNICODE
            case (byte)'U': // SHORT_BINSTRING: the texts of Python 2
                _stack.Add(ReadText(ReadByte()));
                break;
            case (byte)'}': // EMPTY_DICT
                _stack.Add(new PickleDictionary());
                break;
            case (byte)']': // EMPTY_LIST
                _stack.Add(new List<object?>());
                break;
            case (byte)')': // EMPTY_TUPLE
                _stack.Add(Array.Empty<object?>());
                break;
            case (byte)'t': // TUPLE
                _stack.Add(PopToMark());
                break;
            case 0x85 or 0x86 or 0x87: // TUPLE1, TUPLE2, TUPLE3
                _stack.Add(PopMany(opcode - 0x84));
                break;
            case (byte)'a': // APPEND
                Append(PopMany(1));
                break;
            case (byte)'e': // APPENDS
                Append(PopToMark());
                break;
            case (byte)'s': // SETITEM
                SetItems(PopMany(2));
                break;
            case (byte)'u': // SETITEMS
                SetItems(PopToMark());
                break;
            case (byte)'q': // BINPUT
                _memo[ReadByte()] = Peek();
                break;
            case (byte)'r': // LONG_BINPUT
                _memo[BinaryPrimitives.ReadUInt32LittleEndian(Read(4))] = Peek();
                break;
            case 0x94: // MEMOIZE
                _memo[(uint)_memo.Count] = Peek();
                break;
            case (byte)'h': // BINGET
                PushMemo(ReadByte());
                break;
            case (byte)'j': // LONG_BINGET
                PushMemo(BinaryPrimitives.ReadUInt32LittleEndian(Read(4)));
                break;
            case (byte)'c': // GLOBAL
                _stack.Add(PickleGlobal.Find(source, OpcodePosition, ReadLine(), ReadLine()));
                break;
            case 0x93: // STACK_GLOBAL
                object?[] names = PopMany(2);
                if (names is not [string module, string name])
                    throw Malformed("a global is not named by two texts");
                _stack.Add(PickleGlobal.Find(source, OpcodePosition, module, name));
                break;
            case (byte)'Q': // BINPERSID
                _stack.Add(FindStorage(Pop()));
                break;
            case (byte)'R': // REDUCE
                object?[] call = PopMany(2);
                if (call is not [PickleGlobal function, object?[] arguments])
                    throw Malformed("it calls something that is no function, or without a tuple of arguments");
                // A long list may be passed again and again.
                _operations += arguments is [List<object?> list] ? list.Count : 0;
                _stack.Add(function.Call(source, OpcodePosition, arguments));
                break;
            case (byte)'b': // BUILD
                Build(Pop());
                break;
            default:
                throw source.Error(OpcodePosition, $"the pickle uses opcode 0x{opcode:X2}, which no plain checkpoint needs (or it is not a pickle); refused.");
        }
    }

    private void Build(object? state)
    {
        // An OrderedDict's attributes (torch puts version numbers in _metadata) say nothing about tensors: they are dropped.
        if (Peek() is not PickleDictionary || state is not PickleDictionary)
            throw Malformed("it sets the state of something else than a dictionary");
    }

    private TorchStorage FindStorage(object? identifier)
    {
        if (identifier is not object?[] { Length: 5 or 6 } fields
            || fields is not ["storage", PickleGlobal global, string key, string, long count, ..])
        {
            throw Malformed("a persistent id is not ('storage', type, key, location, count)");
        }

        if (fields.Length == 6 && fields[5] is not null)
            throw source.Error(OpcodePosition, $"storage {CheckpointSource.Quote(key)} is a view of another one, which is not supported.");
        if (global.Storage is not { } type)
            throw Malformed("a persistent id has something else than a storage type");
        if (count < 0 || !PickleDictionary.IsKey(key))
            throw Malformed($"storage {CheckpointSource.Quote(key)} has {count} elements");
        if (!_storages.TryGetValue(key, out TorchStorage? storage))
            _storages[key] = storage = new TorchStorage(key, type, count, OpcodePosition);
        else if (storage.Type != type || storage.Count != count)
            throw source.Error(OpcodePosition, $"storage {CheckpointSource.Quote(key)} is {storage.Type} x {storage.Count} in one place and {type} x {count} in another.");
        return storage;
    }

    private void Append(object?[] items)
    {
        if (Peek() is not List<object?> list)
            throw Malformed("it appends to something else than a list");
        list.AddRange(items);
    }

    private void SetItems(object?[] items)
    {
        if (Peek() is not PickleDictionary dictionary)
            throw Malformed("it sets an item of something else than a dictionary");
        if (items.Length % 2 != 0)
            throw Malformed("it sets an item without a value");
        for (int i = 0; i < items.Length; i += 2)
        {
            if (!PickleDictionary.IsKey(items[i]))
                throw Malformed("the key of a dictionary is neither a number nor a text of a reasonable length");
            dictionary.Set(items[i]!, items[i + 1]);
        }
    }

    private void PushLong(ReadOnlySpan<byte> bytes)
    {
        var value = new BigInteger(bytes);
        // Boxed apart: the common type of the two would be BigInteger.
        _stack.Add(value >= long.MinValue && value <= long.MaxValue ? (object)(long)value : value);
    }

    private void PushMemo(uint index)
    {
        if (!_memo.TryGetValue(index, out object? value))
            throw Malformed($"it asks for memo {index}, which nothing was put in");
        _stack.Add(value);
    }

    private object? Peek() => _stack.Count > Floor ? _stack[^1] : throw Malformed("its stack is empty");

    private object? Pop()
    {
        object? value = Peek();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private object?[] PopMany(int count)
    {
        if (_stack.Count - Floor < count)
            throw Malformed("its stack is empty");
        object?[] items = [.. _stack[^count..]];
        _stack.RemoveRange(_stack.Count - count, count);
        return items;
    }

    private object?[] PopToMark()
    {
        if (!_marks.TryPop(out int mark))
            throw Malformed("it lacks a mark");
        object?[] items = [.. _stack[mark..]];
        _stack.RemoveRange(mark, items.Length);
        return items;
    }

    /// <summary>What lies below the innermost mark belongs to the outer construction.</summary>
    private int Floor => _marks.TryPeek(out int mark) ? mark : 0;

    private byte ReadByte() => Read(1)[0];

    private ReadOnlySpan<byte> Read(long count)
    {
        if (count > pickle.Length - _position)
            throw Malformed($"it ends early, or claims {count} bytes where {pickle.Length - _position} are left");
        ReadOnlySpan<byte> bytes = pickle.Span.Slice(_position, (int)count);
        _position += (int)count;
        return bytes;
    }

    private string ReadText(long length) => Decode(Read(length));

    private string ReadLine()
    {
        const int longest = 256;
        int length = pickle.Span[_position..].IndexOf((byte)'\n');
        if (length is < 0 or > longest)
            throw Malformed("the name of a global does not end");
        string line = Decode(Read(length));
        _position++;
        return line;
    }

    private string Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw Malformed("a text is not valid UTF-8");
        }
    }

    private CheckpointFormatException Malformed(string what) => source.Error(OpcodePosition, $"malformed pickle: {what}.");
}
