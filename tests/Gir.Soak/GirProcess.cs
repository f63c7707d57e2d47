using System.Diagnostics;

namespace Gir.Soak;

/// <summary>The tool as a process of its own.</summary>
internal static class GirProcess
{
    private static readonly string[] s_tool = ["exec", Path.Combine(AppContext.BaseDirectory, "Gir.Cli.dll")];

    /// <summary>Runs it to its end.</summary>
    public static (int ExitCode, string Said) Run(params string[] arguments)
    {
        using Process process = Start(arguments, out Task<string> said);
        process.WaitForExit();
        return (process.ExitCode, said.Result);
    }

    /// <summary>Runs it until it is killed (kill -9) after a time, or ends before.</summary>
    /// <returns>Whether it was killed.</returns>
    public static bool RunAndKill(TimeSpan after, params string[] arguments)
    {
        using Process process = Start(arguments, out Task<string> said);
        bool ended = process.WaitForExit(after);
        if (!ended)
            process.Kill();
        process.WaitForExit();
        _ = said.Result;
        return !ended;
    }

    public static Process Start(string[] arguments, out Task<string> said)
    {
        var start = new ProcessStartInfo("dotnet", [.. s_tool, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        // Each process that is killed would leave its debugger's pipes in the temporary folder.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        said = Task.WhenAll(output, error).ContinueWith(both => string.Concat(both.Result), TaskScheduler.Default);
        return process;
    }
}
