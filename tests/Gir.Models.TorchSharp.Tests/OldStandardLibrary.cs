using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Gir.Models.TorchSharp.Tests;

/// <summary>
/// Lets these tests run where the C++ library is older than TorchSharp wants (Debian 12, Ubuntu 22.04): of all that the native part needs, one symbol is of version
/// GLIBCXX_3.4.32, the request to set the standard streams up, for which older compilers called a constructor. The copy in the tests' own output folder is
/// changed to call that one. Not for programs: their users get a message.
/// </summary>
internal static class OldStandardLibrary
{
    private const string NewVersion = "GLIBCXX_3.4.32";
    private const string OldVersion = "GLIBCXX_3.4";
    private const string NewSymbol = "_ZSt21ios_base_library_initv";
    private const string OldSymbol = "_ZNSt8ios_base4InitC1Ev";
    private const uint Strings = 3;
    private const uint Symbols = 11;
    private const uint NeededVersions = 0x6ffffffe;
    private const uint SymbolVersions = 0x6fffffff;
    private const ushort Weak = 2;

    /// <summary>The native part beside the tests.</summary>
    public static string Library { get; } = Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "libLibTorchSharp.so");

    /// <summary>Changes the copy, where that is needed and has not been done.</summary>
    public static void MakeDo()
    {
        if (!OperatingSystem.IsLinux() || NativeLibrary.TryLoad(Library, out _))
            return;
        byte[] file = File.ReadAllBytes(Library);
        if (!Patch(file))
            return;
        // Beside and renamed: the file may be a link to the package's own.
        string beside = Library + ".changed";
        File.WriteAllBytes(beside, file);
        File.Move(beside, Library, overwrite: true);
    }

    private static bool Patch(byte[] file)
    {
        int table = (int)Long(file, 0x28);
        int count = Short(file, 0x3c);
        var sections = Enumerable.Range(0, count).Select(i => table + (i * 0x40)).Select(at => (Type: Int(file, at + 4), Offset: (int)Long(file, at + 0x18), Size: (int)Long(file, at + 0x20), Link: (int)Int(file, at + 0x28))).ToArray();
        var symbols = sections.Single(s => s.Type == Symbols);
        var names = sections[symbols.Link];
        if (names.Type != Strings)
            throw new InvalidDataException($"{Library}: the symbols' names are in a section of type {names.Type}; expected {Strings}.");
        (int Entry, ushort Index) newer = Version(file, sections.Single(s => s.Type == NeededVersions).Offset, names.Offset, NewVersion);
        (int Entry, ushort Index) older = Version(file, sections.Single(s => s.Type == NeededVersions).Offset, names.Offset, OldVersion);
        for (int i = 0; i < symbols.Size / 24; i++)
        {
            int name = names.Offset + (int)Int(file, symbols.Offset + (i * 24));
            if (Text(file, name) != NewSymbol)
                continue;
            Encoding.ASCII.GetBytes(OldSymbol + "\0", file.AsSpan(name));
            int version = sections.Single(s => s.Type == SymbolVersions).Offset + (i * 2);
            BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(version), older.Index);
            BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(newer.Entry + 4), Weak);
            return true;
        }

        return false;
    }

    // The entry of a version among those that the file needs, and its number.
    private static (int Entry, ushort Index) Version(byte[] file, int at, int names, string version)
    {
        for (int library = at; ; library += (int)Int(file, library + 12))
        {
            int entry = library + (int)Int(file, library + 8);
            for (int i = 0; i < Short(file, library + 2); i++)
            {
                if (Text(file, names + (int)Int(file, entry + 8)) == version)
                    return (entry, Short(file, entry + 6));
                entry += (int)Int(file, entry + 12);
            }

            if (Int(file, library + 12) == 0)
                throw new InvalidDataException($"{Library} needs no {version}.");
        }
    }

    private static string Text(byte[] file, int at) => Encoding.ASCII.GetString(file, at, Array.IndexOf(file, (byte)0, at) - at);

    private static ushort Short(byte[] file, int at) => BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(at));

    private static uint Int(byte[] file, int at) => BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at));

    private static long Long(byte[] file, int at) => BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(at));
}
