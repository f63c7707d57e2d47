using System.Text;

namespace Gir.Models.Serialization;

/// <summary>Tells containers apart by their first bytes.</summary>
internal static class FormatDetection
{
    private const byte PickleProtocol = 0x80;
    private const int TarMagicOffset = 257;

    public static CheckpointFormat Detect(CheckpointSource source)
    {
        ReadOnlySpan<byte> bytes = source.Bytes;
        // The name decides only between errors: whoever says safetensors wants to know what is wrong with it.
        if (source.Name.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase))
            return CheckpointFormat.SafeTensors;
        if (bytes.IsEmpty)
            source.Fail(0, "the file is empty; it is not a checkpoint.");
        if (bytes.StartsWith("PK"u8))
            return CheckpointFormat.TorchZip;
        if (bytes[0] == PickleProtocol)
            return CheckpointFormat.TorchLegacy;
        if (bytes.StartsWith("version https://git-lfs"u8))
            source.Fail(0, "not a checkpoint but a pointer of git-lfs: fetch the real file with 'git lfs pull'.");
        if (bytes.Length > TarMagicOffset + 5 && bytes.Slice(TarMagicOffset, 5).SequenceEqual("ustar"u8))
            source.Fail(0, "a tar archive (PyTorch before 0.1.10), which is not supported: save it again with a newer PyTorch.");
        if (bytes.Length > 8 && bytes[8] == (byte)'{')
            return CheckpointFormat.SafeTensors;
        string start = Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, 16)]);
        throw source.Error(0, $"not a checkpoint: it begins with {CheckpointSource.Quote(start)}; expected safetensors, or what torch.save writes.");
    }
}
