using System.Text.Json;
using Gir.Imaging;
using Gir.Imaging.Features;
using Gir.Imaging.Files;
using Gir.Imaging.Text;

namespace Gir.Metrics.Learned;

/// <summary>How alike a network finds pictures that have nothing to do with one another: the zero of <see cref="Semantics"/> and <see cref="Alignment"/>.</summary>
/// <param name="Extractor">The network's name.</param>
/// <param name="Layer">The layer.</param>
/// <param name="Local">Mean cosine of features at the same place, below 1.</param>
/// <param name="Global">Mean cosine of features averaged over the picture, below 1.</param>
/// <remarks>Immutable and safe for concurrent use. A calibration is worth as much as its pictures are unlike one another, and belongs to the weights that it was measured with.</remarks>
public sealed record SemanticsCalibration(string Extractor, string Layer, double Local, double Global)
{
    private const string Format = "gir-semantics-calibration";
    private const int Version = 1;
    private const int LongestFile = 1 << 16;

    /// <summary>Measures unrelated pictures, all pairs of them.</summary>
    /// <param name="extractor">The network.</param>
    /// <param name="pictures">At least two pictures of one size that show different things.</param>
    /// <param name="layer">The layer; null means the deepest.</param>
    /// <param name="cancellationToken">Stops the work between pictures.</param>
    /// <exception cref="ArgumentException">There are fewer than two pictures, their sizes differ, or the network finds all of them the same.</exception>
    public static SemanticsCalibration Measure(IFeatureExtractor extractor, IReadOnlyList<ImageBuffer> pictures, string? layer = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(extractor);
        ArgumentNullException.ThrowIfNull(pictures);
        layer ??= extractor.Layers[^1];
        MapPair.CheckLayers(extractor, [layer]);
        if (pictures.Count < 2 || pictures.Any(p => (p.Height, p.Width) != (pictures[0].Height, pictures[0].Width)))
            throw new ArgumentException($"There are {pictures.Count} pictures; expected at least two of one size.", nameof(pictures));
        var maps = new List<ImageBuffer>();
        foreach (ImageBuffer picture in pictures)
        {
            cancellationToken.ThrowIfCancellationRequested();
            maps.Add(extractor.Extract(picture, [layer], cancellationToken)[0]);
        }

        (double local, double global, int pairs) = (0, 0, 0);
        for (int i = 0; i < maps.Count; i++)
        {
            for (int j = 0; j < i; j++, pairs++)
            {
                local += Semantics.Cosines(maps[i], maps[j]).Average();
                global += Semantics.PooledCosine(maps[i], maps[j]);
            }
        }

        (local, global) = (local / pairs, global / pairs);
        return local < 1 - 1e-9 && global < 1 - 1e-9
            ? new SemanticsCalibration(extractor.Name, layer, local, global)
            : throw new ArgumentException($"{extractor.Name} finds all pictures the same (cosines {local} and {global}); expected different ones.", nameof(pictures));
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <param name="path">A JSON file.</param>
    /// <exception cref="InvalidDataException">The file holds something else; the message names the place, what was found and what is expected.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static SemanticsCalibration Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var source = new StrictJsonSource(path, "a calibration of semantics", (message, inner) => new InvalidDataException(message, inner));
        using FileStream file = File.OpenRead(path);
        string text = BoundedText.Read(file, LongestFile) ?? throw new InvalidDataException($"{path}: expected at most {LongestFile} bytes.");
        return StrictJson.Read(text, source, root =>
        {
            root.Object("format", "version", "extractor", "layer", "local", "global");
            if (root.Property("format").Text() != Format)
                throw root.Property("format").Mismatch($"\"{Format}\"");
            root.Property("version").Integer(Version, Version);
            return new SemanticsCalibration(root.Property("extractor").Text(), root.Property("layer").Text(), Cosine("local"), Cosine("global"));

            double Cosine(string name) => root.Property(name).Number() is >= -1 and < 1 and double cosine ? cosine : throw root.Property(name).Mismatch("-1..1, below 1");
        });
    }

    /// <summary>Writes it as JSON.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overwrite">Whether a file that is there is replaced.</param>
    /// <exception cref="IOException">The file cannot be written, or is there already.</exception>
    public void Save(string path, bool overwrite = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(
            path,
            stream =>
            {
                using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
                json.WriteStartObject();
                json.WriteString("format", Format);
                json.WriteNumber("version", Version);
                json.WriteString("extractor", Extractor);
                json.WriteString("layer", Layer);
                json.WriteNumber("local", Local);
                json.WriteNumber("global", Global);
                json.WriteEndObject();
            },
            overwrite);
    }

    /// <summary>Refuses what another network was measured with, or what no metric can be calibrated by.</summary>
    /// <exception cref="ArgumentException">The message tells what was found and what is expected.</exception>
    internal void CheckFits(IFeatureExtractor extractor)
    {
        if (Extractor != extractor.Name)
            throw new ArgumentException($"The calibration is that of '{Extractor}'; expected '{extractor.Name}'.", "calibration");
        MapPair.CheckLayers(extractor, [Layer]);
        if (this is not { Local: >= -1 and < 1, Global: >= -1 and < 1 })
            throw new ArgumentException($"The calibration's cosines are {Local} and {Global}; expected -1..1, below 1.", "calibration");
    }
}
