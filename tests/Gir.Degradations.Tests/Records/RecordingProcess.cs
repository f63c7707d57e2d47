using System.Diagnostics;
using Gir.Imaging.Codecs;

namespace Gir.Degradations.Tests.Records;

/// <summary>A program that degrades one image in many ways and keeps a log, in a process of its own, to be killed.</summary>
internal static class RecordingProcess
{
    public const int Images = 60;

    /// <summary>The entry point: the argument is the folder.</summary>
    public static int Main(string[] arguments)
    {
        if (arguments is not [string folder])
            return 2;
        using RecordLog log = RecordLog.Open(Path.Combine(folder, RecordLog.UsualName));
        Make(log, folder, name => Console.WriteLine(name));
        log.Complete();
        return 0;
    }

    public static Process Start(string folder) => Process.Start(
        new ProcessStartInfo("dotnet", ["exec", typeof(RecordingProcess).Assembly.Location, folder]) { RedirectStandardOutput = true })!;

    public static void Make(RecordLog log, string folder, Action<string> made)
    {
        DegradationPipeline pipeline = DegradationPipeline.Parse("damage + noise");
        for (int i = 0; i < Images; i++)
        {
            string name = $"{i:d3}.png";
            string path = Path.Combine(folder, name);
            if (log.Contains(name, pipeline, (ulong)i, "key") && File.Exists(path))
                continue;
            if (File.Exists(path) && !log.Contains(name))
                throw new InvalidOperationException($"There is {name} without a record.");
            DegradationResult result = pipeline.Apply(TestImages.Random(3, 48, 64), (ulong)i, "key");
            log.Append(name, result.Record);
            ImageFile.Save(path, result.Image, overwrite: true);
            made(name);
        }
    }
}
