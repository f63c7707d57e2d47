using System.Globalization;
using System.Text;
using System.Text.Json;
using Gir.Degradations;
using Gir.Imaging;
using Gir.Reports;

namespace Gir.Cli.Serve;

/// <summary>What came of a request.</summary>
/// <param name="Request">The request.</param>
/// <param name="Pipeline">What was applied; null: nothing.</param>
/// <param name="Original">The image of the file.</param>
/// <param name="Clean">The image as it was worked on, which may be smaller.</param>
/// <param name="Degraded">The degraded image.</param>
/// <param name="Restored">The restored image; null: none was asked for.</param>
/// <param name="Scores">The metrics of each image, in the order of <see cref="Workbench.Metrics"/>; NaN where one does not fit.</param>
internal sealed record WorkAnswer(
    WorkRequest Request,
    DegradationPipeline? Pipeline,
    ImageBuffer Original,
    ImageBuffer Clean,
    ImageBuffer Degraded,
    ImageBuffer? Restored,
    IReadOnlyList<(string Name, IReadOnlyList<double> Values)> Scores)
{
    /// <summary>JSON: pictures as data URIs, steps, scores, the command lines that repeat it, a remark.</summary>
    public string ToJson()
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory))
        {
            json.WriteStartObject();
            // Base64 needs no escapes, whatever a writer thinks of "+".
            json.WritePropertyName("clean");
            Picture(json, Clean);
            json.WritePropertyName("degraded");
            Picture(json, Degraded);
            json.WritePropertyName("restored");
            Picture(json, Restored);
            Steps(json);
            json.WriteStartArray("scores");
            foreach ((string name, IReadOnlyList<double> values) in Scores)
            {
                json.WriteStartObject();
                json.WriteString("name", name);
                foreach ((string metric, double value) in Workbench.Metrics.Zip(values))
                    json.WriteString(metric, Numbers.Of(metric, value));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("commands", RepeatingCommands.Of(Request));
            json.WriteString("remark", Clean.HasShapeOf(Original)
                ? $"{Original.Width} x {Original.Height} pixels"
                : $"reduced to {Clean.Width} x {Clean.Height} pixels of {Original.Width} x {Original.Height}; the commands work on all of them");
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(memory.GetBuffer(), 0, (int)memory.Length);
    }

    private static void Picture(Utf8JsonWriter json, ImageBuffer? image)
    {
        if (image is null)
            json.WriteNullValue();
        else
            json.WriteRawValue($"\"{ReportPicture.Of("", "", image).DataUri}\"");
    }

    /// <summary>The operators with all their parameters, as text.</summary>
    private void Steps(Utf8JsonWriter json)
    {
        json.WriteStartArray("steps");
        foreach (IDegradation step in Pipeline?.Operators ?? [])
        {
            DegradationDescriptor descriptor = DegradationCatalog.Find(step.Name);
            json.WriteStartObject();
            json.WriteString("name", descriptor.Name);
            json.WriteStartObject("values");
            foreach ((string name, DegradationValue value) in descriptor.Describe(step).Values)
                json.WriteString(name, string.Create(CultureInfo.InvariantCulture, $"{value}"));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
