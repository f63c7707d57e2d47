using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Gir.Cli.Shell;

/// <summary>JSON on the output: indented, as people and programs read it.</summary>
internal static class JsonText
{
    public static void Write(TextWriter output, Action<Utf8JsonWriter> write)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            write(json);
        output.WriteLine(Encoding.UTF8.GetString(memory.ToArray()));
    }
}
