using System.IO.Compression;
using Gir.Imaging.Random;

namespace Gir.Soak.Fuzz;

/// <summary>Damages the pickle within a checkpoint and packs it again, so that the archive's checksums are right and the damage is seen by the pickle's reader.</summary>
internal static class PickleInZip
{
    private const string Pickle = "data.pkl";

    public static bool Holds(byte[] file)
    {
        try
        {
            return Read(file).Any(e => e.Name.EndsWith(Pickle, StringComparison.Ordinal));
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    public static byte[] Damage(byte[] original, byte[] other, PhiloxRandom random)
    {
        byte[] donor = Read(other).First(e => e.Name.EndsWith(Pickle, StringComparison.Ordinal)).Content;
        var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] content) in Read(original))
            {
                using Stream entry = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
                entry.Write(name.EndsWith(Pickle, StringComparison.Ordinal) ? Mutator.Damage(content, donor, isText: false, random) : content);
            }
        }

        return packed.ToArray();
    }

    private static List<(string Name, byte[] Content)> Read(byte[] file)
    {
        using var zip = new ZipArchive(new MemoryStream(file), ZipArchiveMode.Read);
        var entries = new List<(string Name, byte[] Content)>();
        foreach (ZipArchiveEntry entry in zip.Entries)
        {
            // Archives of the corpus are small; some lie about it.
            if (entry.Length > 1 << 20)
                throw new InvalidDataException($"{entry.FullName} claims {entry.Length} bytes.");
            using Stream stream = entry.Open();
            var content = new MemoryStream();
            stream.CopyTo(content);
            entries.Add((entry.FullName, content.ToArray()));
        }

        return entries;
    }
}
