using System.Globalization;
using Gir.Soak;
using Gir.Soak.Disks;
using Gir.Soak.Fuzz;
using Gir.Soak.Kills;
using Gir.Soak.Steady;

// Proof under fire; docs/reliability.md has the outcome.
//   dotnet run -c Release --project tests/Gir.Soak -- short
//   dotnet run -c Release --project tests/Gir.Soak -- fuzz [--runs 1000000] [--seed 1] [--reader png] [--from 0] [--threads 2] [--state FOLDER]
//   dotnet run -c Release --project tests/Gir.Soak -- kill [--runs 20] [--from 0] [--seed 1] [--command evaluate]
//   dotnet run -c Release --project tests/Gir.Soak -- images [--runs 10000] [--seed 1]
//   dotnet run -c Release --project tests/Gir.Soak -- threads [--runs 320] [--threads 16]
//   dotnet run -c Release --project tests/Gir.Soak -- disk
string command = args.FirstOrDefault() ?? "";
int Number(string option, int otherwise) =>
    Text(option) is { } text ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : otherwise;

string? Text(string option) => Array.IndexOf(args, option) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;

ulong seed = (ulong)Number("--seed", 1);
var log = new SoakLog(Console.Out);
switch (command)
{
    case "fuzz":
        FuzzRun.All(log, seed, Number("--from", 0), Number("--runs", 1_000_000), Number("--threads", Environment.ProcessorCount), Text("--reader"), Text("--state"));
        break;
    case "kill":
        KillRun.All(log, seed, Number("--from", 0), Number("--runs", 20), Text("--command"));
        break;
    case "images":
        ImagesRun.Run(log, seed, Number("--runs", 10_000));
        break;
    case "threads":
        ThreadsRun.Run(log, Number("--runs", 320), Number("--threads", 16));
        break;
    case "disk":
        DiskRun.All(log);
        break;
    case "short":
        FuzzRun.All(log, seed, from: 0, runs: 200, Environment.ProcessorCount, reader: null, state: null);
        ImagesRun.Run(log, seed, count: 60);
        ThreadsRun.Run(log, jobs: 32, threads: 16);
        break;
    default:
        Console.Error.WriteLine("Expected fuzz, kill, images, threads, disk or short.");
        return 2;
}

Console.WriteLine(log.Failures == 0 ? "nothing failed" : $"{log.Failures} failures");
return log.Failures == 0 ? 0 : 1;
