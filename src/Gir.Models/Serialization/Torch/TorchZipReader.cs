namespace Gir.Models.Serialization.Torch;

/// <summary>PyTorch's format since 1.6: a zip archive with ROOT/data.pkl and ROOT/data/KEY.</summary>
internal static class TorchZipReader
{
    private const string PickleName = "data.pkl";

    public static Checkpoint Read(CheckpointSource source)
    {
        ZipArchiveReader archive = ZipArchiveReader.Open(source);
        string[] pickles = [.. archive.Names.Where(n => n == PickleName || n.EndsWith("/" + PickleName, StringComparison.Ordinal))];
        if (pickles.Length != 1)
            source.Fail(0, $"the zip archive has {pickles.Length} entries data.pkl; expected one: it is no checkpoint of PyTorch.");
        string root = pickles[0][..^PickleName.Length];
        if (archive.Contains(root + "constants.pkl") || archive.Names.Any(n => n.StartsWith(root + "code/", StringComparison.Ordinal)))
            source.Fail(0, "the archive is a TorchScript program, which is not run: save the module's state_dict instead.");
        if (archive.Contains(root + "byteorder") && !archive.Read(root + "byteorder").Content.Span.SequenceEqual("little"u8))
            source.Fail(0, "the archive was written on a big-endian machine, which is not supported.");

        (ReadOnlyMemory<byte> pickle, long start) = archive.Read(pickles[0]);
        var unpickler = new Unpickler(source, pickle, start);
        object? value = unpickler.Run();
        foreach (TorchStorage storage in unpickler.Storages)
        {
            // Of a type that is not read; so are its tensors.
            if (storage.Type is null)
                continue;
            string name = root + "data/" + storage.Key;
            if (!archive.Contains(name))
                source.Fail(storage.Offset, $"the archive has no storage {CheckpointSource.Quote(name)}.");
            storage.Fill(source, archive.Read(name).Content);
        }

        return TorchState.Build(source, CheckpointFormat.TorchZip, value, unpickler.Unknown);
    }
}
