using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;

namespace Gir.Models.Serialization.Torch;

/// <summary>
/// An interpreter for the pickles of checkpoints: scalars, dictionaries, lists, tuples, and of all globals those of <see cref="PickleGlobal"/>.
/// Whatever else a pickle names or calls becomes a <see cref="PickleObject"/>.
/// </summary>
/// <remarks>
/// Values: null, bool, long, <see cref="BigInteger"/>, double, string, <see cref="List{T}"/> (list), object?[] (tuple),
/// <see cref="PickleDictionary"/>, <see cref="PickleGlobal"/>, <see cref="PickleObject"/>, <see cref="TorchStorage"/>, <see cref="TorchTensor"/>.
/// There is no recursion, and no memory beyond a few words for each opcode, of which there is a limit.
/// </remarks>
internal sealed class Unpickler(CheckpointSource source, ReadOnlyMemory<byte> pickle, long start)
{
    private const int HighestProtocol = 5;
    private const int NamedObjects = 8;

    private readonly PickleStream _stream = new(source, pickle, start);
    private readonly List<object?> _stack = [];
    private readonly Stack<int> _marks = [];
    private readonly Dictionary<uint, object?> _memo = new(SeededComparer.Instance);
    private readonly Dictionary<string, TorchStorage> _storages = new(StringComparer.Ordinal);
    private readonly List<string> _unknown = [];
    private long _operations;

    /// <summary>The storages that tensors refer to, in the order in which they are named first.</summary>
    public IReadOnlyCollection<TorchStorage> Storages => _storages.Values;

    /// <summary>The first few classes and functions that the pickle names and that are not known here.</summary>
    public IReadOnlyList<string> Unknown => _unknown;

    /// <summary>Offset in the file of the next byte; after <see cref="Run"/>, just after the pickle.</summary>
    public long Position => _stream.Position;

    /// <summary>Runs to the STOP opcode and returns the value it leaves.</summary>
    public object? Run()
    {
        while (_operations++ < source.Limits.MaxPickleOperations)
        {
            byte opcode = _stream.ReadOpcode();
            if (opcode == (byte)'.')
                return Pop();
            if (!PushScalar(opcode) && !Construct(opcode) && !Remember(opcode))
                throw source.Error(_stream.OpcodePosition, $"the pickle uses opcode 0x{opcode:X2}, which no checkpoint needs (or it is not a pickle); refused.");
        }

        throw _stream.Malformed($"it has more than {source.Limits.MaxPickleOperations} operations");
    }

    private bool PushScalar(byte opcode)
    {
        object? value;
        switch (opcode)
        {
            case (byte)'N': // NONE
                value = null;
                break;
            case 0x88: // NEWTRUE
            case 0x89: // NEWFALSE
                value = opcode == 0x88;
                break;
            case (byte)'K': // BININT1
                value = (long)_stream.ReadByte();
                break;
            case (byte)'M': // BININT2
                value = (long)BinaryPrimitives.ReadUInt16LittleEndian(_stream.Read(2));
                break;
            case (byte)'J': // BININT
                value = (long)BinaryPrimitives.ReadInt32LittleEndian(_stream.Read(4));
                break;
            case 0x8A: // LONG1
                value = _stream.ReadInteger(_stream.ReadByte());
                break;
            case 0x8B: // LONG4
                value = _stream.ReadInteger(ReadLength(4));
                break;
            case (byte)'I': // INT
            case (byte)'L': // LONG
                value = Integer(_stream.ReadLine());
                break;
            case (byte)'G': // BINFLOAT
                value = BinaryPrimitives.ReadDoubleBigEndian(_stream.Read(8));
                break;
            case (byte)'F': // FLOAT
                value = double.TryParse(_stream.ReadLine(), CultureInfo.InvariantCulture, out double number) ? number : throw _stream.Malformed("a number is none");
                break;
            case (byte)'X': // BINUNICODE
            case (byte)'T': // BINSTRING: the texts of Python 2
                value = _stream.ReadText(ReadLength(4));
                break;
            case 0x8C: // SHORT_BINUNICODE
            case (byte)'U': // SHORT_BINSTRING
                value = _stream.ReadText(_stream.ReadByte());
                break;
            case 0x8D: // BINUNICODE8
                value = _stream.ReadText(ReadLength(8));
                break;
            case (byte)'V': // UNICODE
                value = _stream.ReadLine();
                break;
            case (byte)'S': // STRING, in quotes
                value = _stream.ReadLine().Trim('\'', '"');
                break;
            case (byte)'C': // SHORT_BINBYTES
                _stream.Read(_stream.ReadByte());
                value = new PickleObject("builtins.bytes");
                break;
            case (byte)'B': // BINBYTES
                _stream.Read(ReadLength(4));
                value = new PickleObject("builtins.bytes");
                break;
            case 0x8E: // BINBYTES8
            case 0x96: // BYTEARRAY8
                _stream.Read(ReadLength(8));
                value = new PickleObject("builtins.bytes");
                break;
            default:
                return false;
        }

        _stack.Add(value);
        return true;
    }

    private bool Construct(byte opcode)
    {
        switch (opcode)
        {
            case (byte)'(': // MARK
                _marks.Push(_stack.Count);
                return true;
            case (byte)'}': // EMPTY_DICT
                _stack.Add(new PickleDictionary());
                return true;
            case (byte)'d': // DICT
                object?[] items = PopToMark();
                _stack.Add(new PickleDictionary());
                SetItems(items);
                return true;
            case (byte)']': // EMPTY_LIST
                _stack.Add(new List<object?>());
                return true;
            case (byte)'l': // LIST
                _stack.Add(new List<object?>(PopToMark()));
                return true;
            case 0x8F: // EMPTY_SET
                _stack.Add(new PickleObject("builtins.set"));
                return true;
            case 0x91: // FROZENSET
                PopToMark();
                _stack.Add(new PickleObject("builtins.set"));
                return true;
            case (byte)')': // EMPTY_TUPLE
                _stack.Add(Array.Empty<object?>());
                return true;
            case (byte)'t': // TUPLE
                _stack.Add(PopToMark());
                return true;
            case 0x85 or 0x86 or 0x87: // TUPLE1, TUPLE2, TUPLE3
                _stack.Add(PopMany(opcode - 0x84));
                return true;
            case (byte)'a': // APPEND
                Append(PopMany(1));
                return true;
            case (byte)'e': // APPENDS
            case 0x90: // ADDITEMS
                Append(PopToMark());
                return true;
            case (byte)'s': // SETITEM
                SetItems(PopMany(2));
                return true;
            case (byte)'u': // SETITEMS
                SetItems(PopToMark());
                return true;
            case (byte)'c': // GLOBAL
                PushGlobal(_stream.ReadLine(), _stream.ReadLine());
                return true;
            case 0x93: // STACK_GLOBAL
                if (PopMany(2) is not [string module, string name])
                    throw _stream.Malformed("a global is not named by two texts");
                PushGlobal(module, name);
                return true;
            case 0x82 or 0x83 or 0x84: // EXT1, EXT2, EXT4: numbers for globals, known to the program alone
                _stream.Read(1UL << (opcode - 0x82));
                PushGlobal("copyreg", "extension");
                return true;
            case (byte)'i': // INST
                PushGlobal(_stream.ReadLine(), _stream.ReadLine());
                object? type = Pop();
                Call(type, PopToMark());
                return true;
            case (byte)'o': // OBJ
                object?[] parts = PopToMark();
                if (parts.Length == 0)
                    throw _stream.Malformed("it makes an object of no class");
                Call(parts[0], parts[1..]);
                return true;
            case (byte)'R': // REDUCE
            case 0x81: // NEWOBJ
                object?[] call = PopMany(2);
                Call(call[0], call[1]);
                return true;
            case 0x92: // NEWOBJ_EX
                object?[] extended = PopMany(3);
                Call(extended[0], extended[1]);
                return true;
            case (byte)'b': // BUILD
                // Attributes (torch keeps version numbers in an OrderedDict's) say nothing about tensors: they are dropped.
                Pop();
                Peek();
                return true;
            case (byte)'Q': // BINPERSID
                _stack.Add(FindStorage(Pop()));
                return true;
            default:
                return false;
        }
    }

    private bool Remember(byte opcode)
    {
        switch (opcode)
        {
            case 0x80: // PROTO
                if (_stream.ReadByte() > HighestProtocol)
                    throw _stream.Malformed($"its protocol is above {HighestProtocol}");
                return true;
            case 0x95: // FRAME: a hint for reading ahead
                _stream.Read(8);
                return true;
            case (byte)'0': // POP
                Pop();
                return true;
            case (byte)'1': // POP_MARK
                PopToMark();
                return true;
            case (byte)'2': // DUP
                _stack.Add(Peek());
                return true;
            case (byte)'q': // BINPUT
                _memo[_stream.ReadByte()] = Peek();
                return true;
            case (byte)'r': // LONG_BINPUT
                _memo[(uint)ReadLength(4)] = Peek();
                return true;
            case (byte)'p': // PUT
                _memo[MemoIndex()] = Peek();
                return true;
            case 0x94: // MEMOIZE
                _memo[(uint)_memo.Count] = Peek();
                return true;
            case (byte)'h': // BINGET
                PushMemo(_stream.ReadByte());
                return true;
            case (byte)'j': // LONG_BINGET
                PushMemo((uint)ReadLength(4));
                return true;
            case (byte)'g': // GET
                PushMemo(MemoIndex());
                return true;
            default:
                return false;
        }
    }

    private void PushGlobal(string module, string name)
    {
        PickleGlobal global = PickleGlobal.Find(module, name);
        if (!global.IsKnown && _unknown.Count < NamedObjects && !_unknown.Contains(global.Name))
            _unknown.Add(global.Name);
        _stack.Add(global);
    }

    private void Call(object? function, object? arguments)
    {
        if (arguments is not object?[] tuple)
            throw _stream.Malformed("it calls something without a tuple of arguments");
        // A long list or dictionary may be passed again and again.
        _operations += tuple is [List<object?> list] ? list.Count : tuple is [PickleDictionary dictionary, ..] ? dictionary.Items.Count : 0;
        _stack.Add(function switch
        {
            PickleGlobal global => global.Call(source, _stream.OpcodePosition, tuple),
            PickleObject made => new PickleObject(made.Name),
            _ => throw _stream.Malformed("it calls something that is no function"),
        });
    }

    private object FindStorage(object? identifier)
    {
        if (identifier is not object?[] { Length: 5 or 6 } fields
            || fields is not ["storage", PickleGlobal type, string key, _, long count, ..])
        {
            return new PickleObject("a persistent id other than PyTorch's");
        }

        if (fields.Length == 6 && fields[5] is not null)
            throw source.Error(_stream.OpcodePosition, $"storage {CheckpointSource.Quote(key)} is a view of another one, which is not supported.");
        if (count < 0 || !PickleDictionary.IsKey(key))
            throw _stream.Malformed($"storage {CheckpointSource.Quote(key)} has {count} elements");
        if (!_storages.TryGetValue(key, out TorchStorage? storage))
            _storages[key] = storage = new TorchStorage(key, type, count, _stream.OpcodePosition);
        else if (storage.TypeName != type.Name || storage.Count != count)
            throw source.Error(_stream.OpcodePosition, $"storage {CheckpointSource.Quote(key)} is {storage.TypeName} x {storage.Count} in one place and {type.Name} x {count} in another.");
        return storage;
    }

    private void Append(object?[] items)
    {
        if (Peek() is List<object?> list)
            list.AddRange(items);
        else if (Peek() is not PickleObject)
            throw _stream.Malformed("it appends to something else than a list");
    }

    private void SetItems(object?[] items)
    {
        PickleDictionary dictionary = Peek() switch
        {
            PickleDictionary own => own,
            PickleObject made => made.Items ??= new PickleDictionary(),
            _ => throw _stream.Malformed("it sets an item of something else than a dictionary"),
        };
        if (items.Length % 2 != 0)
            throw _stream.Malformed("it sets an item without a value");
        for (int i = 0; i < items.Length; i += 2)
        {
            // Tuples, None and objects name no tensor.
            if (PickleDictionary.IsKey(items[i]))
                dictionary.Set(items[i]!, items[i + 1]);
        }
    }

    private object Integer(string line) => line switch
    {
        "01" => true,
        "00" => false,
        _ when long.TryParse(line.TrimEnd('L'), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) => value,
        _ when BigInteger.TryParse(line.TrimEnd('L'), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger value) => value,
        _ => throw _stream.Malformed("a whole number is none"),
    };

    private uint MemoIndex() =>
        uint.TryParse(_stream.ReadLine(), NumberStyles.None, CultureInfo.InvariantCulture, out uint index) ? index : throw _stream.Malformed("a memo has no number");

    private void PushMemo(uint index)
    {
        if (!_memo.TryGetValue(index, out object? value))
            throw _stream.Malformed($"it asks for memo {index}, which nothing was put in");
        _stack.Add(value);
    }

    private ulong ReadLength(int bytes)
    {
        ReadOnlySpan<byte> length = _stream.Read((ulong)bytes);
        return bytes == 8 ? BinaryPrimitives.ReadUInt64LittleEndian(length) : BinaryPrimitives.ReadUInt32LittleEndian(length);
    }

    private object? Peek() => _stack.Count > Floor ? _stack[^1] : throw _stream.Malformed("its stack is empty");

    private object? Pop()
    {
        object? value = Peek();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private object?[] PopMany(int count)
    {
        if (_stack.Count - Floor < count)
            throw _stream.Malformed("its stack is empty");
        object?[] items = [.. _stack[^count..]];
        _stack.RemoveRange(_stack.Count - count, count);
        return items;
    }

    private object?[] PopToMark()
    {
        if (!_marks.TryPop(out int mark))
            throw _stream.Malformed("it lacks a mark");
        object?[] items = [.. _stack[mark..]];
        _stack.RemoveRange(mark, items.Length);
        return items;
    }

    /// <summary>What lies below the innermost mark belongs to the outer construction.</summary>
    private int Floor => _marks.TryPeek(out int mark) ? mark : 0;
}
