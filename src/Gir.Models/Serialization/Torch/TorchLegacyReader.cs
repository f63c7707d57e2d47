using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;

namespace Gir.Models.Serialization.Torch;

/// <summary>PyTorch's format before 1.6: five pickles (magic number, version, system, object, storage keys), then the storages.</summary>
internal static class TorchLegacyReader
{
    private const long Version = 1001;
    private static readonly BigInteger Magic = BigInteger.Parse("01950a86a20f9469cfc6c", NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    public static Checkpoint Read(CheckpointSource source)
    {
        int position = 0;
        Unpickler Next(out object? value)
        {
            var unpickler = new Unpickler(source, source.Content[position..], position);
            value = unpickler.Run();
            position = checked((int)unpickler.Position);
            return unpickler;
        }

        Next(out object? magic);
        if (magic is not BigInteger number || number != Magic)
            source.Fail(0, "a bare pickle, or something else that begins like one; expected what torch.save writes.");
        Next(out object? version);
        if (version is not Version)
            source.Fail(position, "unknown version of PyTorch's legacy format; expected 1001.");
        Next(out object? system);
        if (system is not PickleDictionary information || information.Find("little_endian") is not true)
            source.Fail(position, "the file was written on a big-endian machine, or does not say; expected little-endian.");
        Unpickler body = Next(out object? content);
        Next(out object? keys);
        ReadStorages(source, body.Storages, keys, position);
        return TorchState.Build(source, CheckpointFormat.TorchLegacy, content, body.Unknown);
    }

    private static void ReadStorages(CheckpointSource source, IReadOnlyCollection<TorchStorage> storages, object? keys, int position)
    {
        if (keys is not List<object?> list)
            throw source.Error(position, "malformed legacy checkpoint: expected a list of storage keys.");
        Dictionary<string, TorchStorage> wanted = storages.ToDictionary(s => s.Key, StringComparer.Ordinal);
        foreach (object? item in list)
        {
            if (item is not string key || !wanted.Remove(key, out TorchStorage? storage))
                throw source.Error(position, $"the list of storages names {CheckpointSource.Quote(item as string ?? "something else than a text")}, which no tensor uses or which came before.");
            if (source.Content.Length - position < sizeof(long))
                source.Fail(position, "the file ends before its last storage: it is truncated.");
            long count = BinaryPrimitives.ReadInt64LittleEndian(source.Bytes[position..]);
            position += sizeof(long);
            if (count != storage.Count)
                source.Fail(position, $"storage {CheckpointSource.Quote(key)} has {count} elements; its tensors say {storage.Count}.");
            if (storage.Width == 0)
                source.Fail(position, $"storage {CheckpointSource.Quote(key)} is of the unknown type {CheckpointSource.Quote(storage.TypeName)}: where it ends cannot be said.");
            Int128 bytes = (Int128)storage.Count * storage.Width;
            if (bytes > source.Content.Length - position)
                source.Fail(position, $"storage {CheckpointSource.Quote(key)} takes {bytes} bytes, but {source.Content.Length - position} are left: the file is truncated.");
            storage.Fill(source, source.Content.Slice(position, (int)bytes));
            position += (int)bytes;
        }

        if (wanted.Count > 0)
            source.Fail(position, $"the file has no storage {CheckpointSource.Quote(wanted.Keys.First())}.");
    }
}
