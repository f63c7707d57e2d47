using System.Diagnostics;

namespace Gir.Packages.Tests;

/// <summary>The command line of .NET, as a user calls it.</summary>
internal static class Dotnet
{
    // What `dotnet test` says to its own children is not for these.
    private static readonly string[] s_inherited = ["MSBuildExtensionsPath", "MSBuildSDKsPath", "MSBUILD_EXE_PATH", "MSBuildLoadMicrosoftTargetsReadOnly", "VSTEST_CONNECTION_TIMEOUT"];

    /// <summary>Runs `dotnet` in a folder; the test fails with what it printed unless it ends well.</summary>
    /// <returns>What it printed.</returns>
    public static string Run(string folder, params string[] arguments) => Start("dotnet", folder, arguments);

    /// <summary>Runs a program in a folder; the test fails with what it printed unless it ends well.</summary>
    public static string Start(string program, string folder, params string[] arguments)
    {
        (int code, string output) = Try(program, folder, arguments);
        Assert.That(code, Is.Zero, $"{program} {string.Join(' ', arguments)}\n{output}");
        return output;
    }

    /// <summary>Runs a program and hands back how it ended, whatever that was.</summary>
    public static (int ExitCode, string Output) Try(string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string name in s_inherited)
            start.Environment.Remove(name);
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        var watch = Stopwatch.StartNew();
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd() + error.GetAwaiter().GetResult();
        process.WaitForExit();
        TestContext.Progress.WriteLine($"{watch.Elapsed.TotalSeconds,6:F1} s  {Path.GetFileName(program)} {string.Join(' ', arguments.Take(3))}");
        return (process.ExitCode, output);
    }
}
