using System.Text;
using Gir.Cli.Shell;

namespace Gir.Cli.Tests;

/// <summary>The tool in this process: as a user runs it, with files for streams.</summary>
internal static class Tool
{
    public static ToolResult Run(params string[] arguments) => RunAsync(arguments).GetAwaiter().GetResult();

    public static ToolResult RunWithInput(byte[] input, params string[] arguments) => RunAsync(arguments, input).GetAwaiter().GetResult();

    public static async Task<ToolResult> RunAsync(string[] arguments, byte[]? input = null, CancellationToken cancellationToken = default)
    {
        using var output = new MemoryStream();
        using var text = new StreamWriter(output, new UTF8Encoding(false)) { AutoFlush = true };
        using var error = new StringWriter();
        var terminal = new Terminal(() => new MemoryStream(input ?? []), () => output, text, TextWriter.Synchronized(error));
        int code = await GirTool.RunAsync(arguments, terminal, cancellationToken);
        byte[] bytes = output.ToArray();
        return new ToolResult(code, Encoding.UTF8.GetString(bytes), error.ToString()) { Bytes = bytes };
    }
}

/// <summary>What a run left.</summary>
internal sealed record ToolResult(int ExitCode, string Output, string Error)
{
    /// <summary>The output as it was written.</summary>
    public byte[] Bytes { get; init; } = [];
}
