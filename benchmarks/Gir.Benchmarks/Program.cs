using BenchmarkDotNet.Running;
using Gir.Benchmarks.Networks;
using Gir.Benchmarks.Peers;
using Gir.Benchmarks.Versions;

try
{
    return Run(args);
}
catch (PeerException e)
{
    Console.Error.WriteLine("error: " + e.Message);
    return 2;
}

static int Run(string[] args)
{
    // `compare` and `compare-metrics` time Gir against its peers in one run; everything else is BenchmarkDotNet's.
    if (args is ["compare" or "compare-metrics", .. string[] rest])
    {
        string python = Value(rest, "--python") ?? "python3";
        int rounds = int.Parse(Value(rest, "--rounds") ?? "15", System.Globalization.CultureInfo.InvariantCulture);
        string scripts = Path.Combine(FindRepository(), "benchmarks", "peers");
        if (args[0] == "compare")
            DegradationComparison.Run(python, Path.Combine(scripts, "degradations.py"), Value(rest, "--image"), rounds);
        else
            MetricComparison.Run(python, Path.Combine(scripts, "metrics.py"), rounds);
        return 0;
    }

    // `compare-engine` does the same for the tensor engine and PyTorch; without --python only Gir is measured, and with --scaling only
    // what it gains by several threads (two, unless --threads says more).
    if (args is ["compare-engine", .. string[] options])
    {
        bool scales = options.Contains("--scaling");
        int threads = int.Parse(Value(options, "--threads") ?? (scales ? "2" : "1"), System.Globalization.CultureInfo.InvariantCulture);
        int rounds = int.Parse(Value(options, "--rounds") ?? "15", System.Globalization.CultureInfo.InvariantCulture);
        if (scales)
            EngineComparison.RunScaling(threads, rounds, Value(options, "--filter"));
        else
            EngineComparison.Run(Value(options, "--python"), Path.Combine(FindRepository(), "benchmarks", "peers", "engine.py"), threads, rounds, Value(options, "--filter"));
        return 0;
    }

    // `compare-networks` does it for whole networks; `profile-network NAME` shows where one network's time goes.
    if (args is ["compare-networks" or "profile-network", .. string[] wanted])
    {
        int Number(string name, int otherwise) => int.Parse(Value(wanted, name) ?? $"{otherwise}", System.Globalization.CultureInfo.InvariantCulture);
        bool profiles = args[0] == "profile-network";
        string? filter = profiles && wanted is [string first, ..] && !first.StartsWith("--", StringComparison.Ordinal) ? first : Value(wanted, "--filter");
        var comparison = new NetworkComparisonOptions(
            Value(wanted, "--python"), Path.Combine(FindRepository(), "benchmarks", "peers", "networks.py"),
            Number("--threads", 1), Number("--size", 128), Number("--rounds", 5), filter);
        if (profiles)
            NetworkComparison.Profile(comparison);
        else
            new NetworkComparison(comparison).Run();
        return 0;
    }

    // `compare-versions Gir.Benchmarks.dll` sets this build beside another, which it asks through `serve`.
    if (args is ["serve"])
    {
        VersionServer.Run(Console.In, Console.Out);
        return 0;
    }

    if (args is ["compare-versions", string other, .. string[] choices])
    {
        VersionComparison.Run(other, int.Parse(Value(choices, "--rounds") ?? "9", System.Globalization.CultureInfo.InvariantCulture), Value(choices, "--filter"));
        return 0;
    }

    BenchmarkSwitcher.FromAssembly(typeof(PeerProcess).Assembly).Run(args);
    return 0;
}

static string? Value(string[] arguments, string name)
{
    int at = Array.IndexOf(arguments, name);
    return at >= 0 && at + 1 < arguments.Length ? arguments[at + 1] : null;
}

static string FindRepository()
{
    for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
    {
        if (File.Exists(Path.Combine(folder.FullName, "Gir.sln")))
            return folder.FullName;
    }

    throw new DirectoryNotFoundException("Run the benchmarks from within the repository.");
}
