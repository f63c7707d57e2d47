using static Gir.Imaging.Codecs.Jpeg.JpegMarkers;

namespace Gir.Imaging.Codecs.Jpeg;

/// <summary>What is done where the entropy-coded data of a scan end before its last MCU.</summary>
/// <remarks>
/// libjpeg fills whatever is missing and warns. Here only a remainder of at most a sixteenth of the scan is filled, as libjpeg fills it; a picture of
/// which more is missing is refused, as filling would be measured and restored like a picture.
/// </remarks>
internal static class JpegCut
{
    private const int LeastPresent = 16;

    /// <summary>Allows a cut with a warning, or refuses it.</summary>
    /// <param name="nextMarker">The marker that follows, or -1 at the end of the file: anything but the image's end means damage, not a cut.</param>
    /// <param name="offset">Where reading stands.</param>
    /// <param name="row">Row of the first MCU that is not whole.</param>
    /// <param name="column">Its column.</param>
    /// <param name="rows">Rows of the scan.</param>
    /// <param name="columns">MCUs per row.</param>
    /// <param name="warnings">Receives the warning.</param>
    public static void Check(int nextMarker, int offset, int row, int column, int rows, int columns, DecodeWarnings warnings)
    {
        long total = (long)rows * columns;
        long missing = total - (((long)row * columns) + column);
        if (nextMarker is not (-1 or EndOfImage) || missing * LeastPresent > total)
            JpegError.Throw(offset, $"entropy-coded data end in MCU {column} of row {row}, {rows} rows of {columns} were expected");
        warnings.Add(offset, $"the entropy-coded data end early; the last {missing} of {total} MCUs are filled");
    }

    /// <summary>Looks at what follows the last scan.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="position">Where the scan's data end.</param>
    /// <param name="warnings">Receives the warning.</param>
    public static void CheckEnd(ReadOnlySpan<byte> file, int position, DecodeWarnings warnings)
    {
        int marker;
        do
        {
            marker = FindMarker(file, position);
            position = marker + 1;
        }
        while (marker >= 0 && file[marker] is (>= Restart0 and <= Restart7) or Temporary);

        if (marker < 0)
            warnings.Add(file.Length, "the end-of-image marker is missing");
        else if (file[marker] != EndOfImage)
            warnings.Add(marker - 1, $"marker FF{file[marker]:X2} after the last scan; expected FFD9 (end of image)");
        else if (position < file.Length)
            warnings.Add(position, $"{file.Length - position} bytes follow the end of the image");
    }
}
