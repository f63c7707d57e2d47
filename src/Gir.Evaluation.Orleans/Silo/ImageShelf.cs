using Gir.Evaluation.Orleans.Messages;
using Gir.Imaging;

namespace Gir.Evaluation.Orleans.Silo;

/// <summary>The images that a silo was handed, by hash; beyond a budget, those that were used longest ago go. Safe for concurrent use.</summary>
/// <param name="budget">Bytes of packed images to keep.</param>
internal sealed class ImageShelf(long budget)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, byte[]> _whole = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (byte[] Bytes, int Filled)> _arriving = new(StringComparer.Ordinal);
    private readonly LinkedList<string> _byUse = new();
    private long _held;

    public bool Has(string hash)
    {
        lock (_gate)
            return Touch(hash) is not null;
    }

    /// <summary>An image; null where there is none of that hash.</summary>
    public ImageBuffer? Find(string hash)
    {
        byte[]? bytes;
        lock (_gate)
            bytes = Touch(hash);
        return bytes is null ? null : ImagePacket.Unpack(bytes);
    }

    /// <summary>Takes a part; one that is there already changes nothing.</summary>
    /// <exception cref="InvalidDataException">The part does not follow the one before, or the whole has another hash.</exception>
    public void Put(ImagePart part)
    {
        lock (_gate)
        {
            if (_whole.ContainsKey(part.Hash))
                return;
            if (part.Length < 1 || part.Length > budget)
                throw new InvalidDataException($"An image of {part.Length} bytes; this silo keeps 1..{budget} bytes of images.");
            // Two coordinators may hand the same image over at once: each part is taken once, whoever sends it.
            if (!_arriving.TryGetValue(part.Hash, out (byte[] Bytes, int Filled) image))
                image = (NewArrival(part.Length), 0);
            if (part.Offset < 0 || part.Offset > image.Filled || image.Bytes.Length != part.Length || part.Bytes.Length > part.Length - part.Offset)
                throw new InvalidDataException($"A part of an image at {part.Offset}, {part.Bytes.Length} bytes of {part.Length}; expected one at {image.Filled}.");
            part.Bytes.CopyTo(image.Bytes, part.Offset);
            image.Filled = Math.Max(image.Filled, part.Offset + part.Bytes.Length);
            _arriving[part.Hash] = image;
            if (image.Filled < part.Length)
                return;
            _arriving.Remove(part.Hash);
            if (ImagePacket.HashOf(image.Bytes) != part.Hash)
                throw new InvalidDataException($"The image '{part.Hash}' arrived with another content.");
            Keep(part.Hash, image.Bytes);
        }
    }

    /// <summary>Room for an image; what coordinators that died have half sent goes first.</summary>
    private byte[] NewArrival(int length)
    {
        if (_arriving.Values.Sum(a => (long)a.Bytes.Length) + length > budget)
            _arriving.Clear();
        return new byte[length];
    }

    private void Keep(string hash, byte[] bytes)
    {
        _whole.Add(hash, bytes);
        _byUse.AddFirst(hash);
        _held += bytes.Length;
        while (_held > budget)
        {
            string last = _byUse.Last!.Value;
            _byUse.RemoveLast();
            _held -= _whole[last].Length;
            _whole.Remove(last);
        }
    }

    private byte[]? Touch(string hash)
    {
        if (!_whole.TryGetValue(hash, out byte[]? bytes))
            return null;
        _byUse.Remove(hash);
        _byUse.AddFirst(hash);
        return bytes;
    }
}
