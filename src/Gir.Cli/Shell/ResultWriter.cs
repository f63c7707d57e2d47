using Gir.Imaging;
using Gir.Imaging.Codecs;

namespace Gir.Cli.Shell;

/// <summary>Writes results as their inputs were stored: bits per sample, alpha, color profile and resolution.</summary>
/// <param name="terminal">Whose output "-" is.</param>
/// <param name="bits">Bits per sample that the user asks for; null: the input's.</param>
/// <param name="replace">Whether existing files are replaced.</param>
internal sealed class ResultWriter(Terminal terminal, int? bits, bool replace)
{
    private const int LongBits = 16;

    /// <summary>Refuses bits that no image has, or that a format cannot hold.</summary>
    /// <exception cref="UsageException">They are neither 8 nor 16, or 16 is more than the format holds.</exception>
    public static void RequireBits(int? bits, string extension)
    {
        if (bits is not (null or 8 or LongBits))
            throw new UsageException($"--bits {bits}: expected 8 or 16.");
        if (bits == LongBits && !HoldsLong(extension))
            throw new UsageException($"--bits 16: {extension} holds 8 bits per sample; choose png or npy.");
    }

    /// <summary>Writes one result.</summary>
    /// <param name="path">The file, or "-".</param>
    /// <param name="format">A format's extension, which is the file's.</param>
    /// <param name="result">Color and alpha.</param>
    /// <param name="source">What it was made of.</param>
    /// <exception cref="UsageException">The format cannot hold it.</exception>
    public void Save(string path, string format, ImageBuffer result, Picture source)
    {
        var options = new ImageSaveOptions(Bits(format, source.Info)) { Metadata = source.Info.Metadata };
        try
        {
            if (path == InputImage.StandardInput)
            {
                Stream output = terminal.OpenOutput();
                ImageFile.Save(output, result, ImageCodecs.FindByExtension(format)!.Name, options);
                output.Flush();
            }
            else
            {
                ImageFile.Save(path, result, options, replace);
            }
        }
        catch (ArgumentException e)
        {
            throw new UsageException($"{path}: {e.Message}");
        }
    }

    private static bool HoldsLong(string extension) => ImageCodecs.FindByExtension(extension) is { MaxBitsPerSample: >= LongBits };

    private int Bits(string format, ImageFileInfo source) => bits ?? (source.BitsPerSample > 8 && HoldsLong(format) ? LongBits : 8);
}
