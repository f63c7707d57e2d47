using System.Globalization;

namespace Gir.Cli.Serve;

/// <summary>The command lines that repeat what the page shows, to be pasted into a shell.</summary>
internal static class RepeatingCommands
{
    public static string Of(WorkRequest request)
    {
        // A name that begins like an option must not become one.
        string image = Quote(request.Name.StartsWith('-') ? "./" + request.Name : request.Name);
        string stem = Path.GetFileNameWithoutExtension(request.Name);
        string degraded = Quote($"degraded/{stem}.png");
        string restored = Quote($"restored/{stem}.png");
        var lines = new List<string>();
        if (request.Pipeline.Length > 0)
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"gir degrade --input {image} --output degraded --pipeline {Quote(request.Pipeline)} --seed {request.Seed}"));
        string input = request.Pipeline.Length > 0 ? degraded : image;
        if (request.Model.Length > 0)
            lines.Add($"gir restore --input {input} --output {restored} --model {Quote(request.Model)}");
        if (lines.Count > 0)
            lines.Add($"gir score --image {(request.Model.Length > 0 ? restored : degraded)} --reference {image} --metrics {string.Join(',', Workbench.Metrics)}");
        return string.Join('\n', lines);
    }

    private static string Quote(string text) =>
        text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '/' or '-') ? text : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
