using BenchmarkDotNet.Running;
using Gir.Benchmarks;
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
    // `compare` and `compare-metrics` time Gir against peers of another language in one run; Gir.Benchmarks.Peers does it with those of .NET.
    if (args is ["compare" or "compare-metrics", .. string[] rest])
    {
        var asked = new Arguments(rest);
        string python = asked.Text("--python") ?? "python3";
        int rounds = asked.Number("--rounds", 15);
        string scripts = Path.Combine(FindRepository(), "benchmarks", "peers");
        if (args[0] == "compare")
            DegradationComparison.Run((png, jpeg) => [new PeerProcess(python, Path.Combine(scripts, "degradations.py"), png, jpeg)], asked.Text("--image"), rounds, asked.Text("--filter"));
        else
            MetricComparison.Run(python, Path.Combine(scripts, "metrics.py"), rounds);
        return 0;
    }

    // `measure-engine` times the tensor engine alone; with --scaling what it gains by several threads (two, unless --threads says more).
    if (args is ["measure-engine", .. string[] options])
    {
        var asked = new Arguments(options);
        bool scales = asked.Has("--scaling");
        (int threads, int rounds) = (asked.Number("--threads", scales ? 2 : 1), asked.Number("--rounds", 15));
        if (scales)
            EngineComparison.RunScaling(threads, rounds, asked.Text("--filter"));
        else
            EngineComparison.Run([], threads, rounds, asked.Text("--filter"));
        return 0;
    }

    // `measure-networks` times whole networks alone; `profile-network NAME` shows where one network's time goes.
    if (args is ["measure-networks", .. string[] wanted])
    {
        new NetworkComparison(NetworkComparisonOptions.Of(new Arguments(wanted)), []).Run();
        return 0;
    }

    if (args is ["profile-network", string name, .. string[] ways])
    {
        NetworkComparison.Profile(NetworkComparisonOptions.Of(new Arguments([.. ways, "--filter", name])));
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
        var asked = new Arguments(choices);
        VersionComparison.Run(other, asked.Number("--rounds", 9), asked.Text("--filter"));
        return 0;
    }

    BenchmarkSwitcher.FromAssembly(typeof(PeerProcess).Assembly).Run(args);
    return 0;
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
