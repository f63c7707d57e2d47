using System.Diagnostics;
using Gir.Imaging.Codecs;
using Gir.Imaging.Scenes;

namespace Gir.Soak.Disks;

/// <summary>Disks that are full or read-only, and two writers at once: one line, exit code 2, and once there is room, the bytes of a run that had it.</summary>
/// <remarks>Needs Linux and the right to mount: a file system in memory plays the disk.</remarks>
internal static class DiskRun
{
    private const int Page = 4096;

    public static void All(SoakLog log)
    {
        string folder = Directory.CreateTempSubdirectory("gir-soak-").FullName;
        string images = Path.Combine(folder, "images");
        string disk = Path.Combine(folder, "disk");
        Directory.CreateDirectory(images);
        Directory.CreateDirectory(disk);
        for (ulong i = 0; i < 12; i++)
            ImageFile.Save(Path.Combine(images, $"picture{i:00}.png"), SceneGenerator.Create(i, 96, 128).Image);
        try
        {
            foreach (Writer writer in Writers(images))
                TwoAtOnce(log, writer, folder);
            if (!Call("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk))
            {
                log.Tell("disk: this process may not mount: full and read-only disks are left out");
                return;
            }

            try
            {
                foreach (Writer writer in Writers(images))
                    Full(log, writer, folder, disk);
                Call("mount", "-o", "remount,ro", disk);
                foreach (Writer writer in Writers(images))
                    Refused(log, writer.Name, "read-only", GirProcess.Run([.. writer.Arguments, "--output", Path.Combine(disk, writer.Name)]));
            }
            finally
            {
                Call("umount", disk);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Writer[] Writers(string images) =>
    [
        new("evaluate", ["evaluate", "--images", images, "--limit", "4", "--tasks", "single", "--restorer", "identity,median", "--pictures", "0"], []),
        new("degrade", ["degrade", "--input", images, "--pipeline", "blur + noise"], ["--resume"]),
    ];

    private static void Full(SoakLog log, Writer writer, string folder, string disk)
    {
        string whole = Path.Combine(folder, writer.Name + "-alone");
        string output = Path.Combine(disk, writer.Name);
        string filler = Path.Combine(disk, "filler");
        string[] Next() => Directory.Exists(output) ? [.. writer.Arguments, "--output", output, .. writer.Resume] : [.. writer.Arguments, "--output", output];
        foreach (int pages in (int[])[0, 1, 2, 5, 9, 14])
        {
            Fill(filler, pages);
            (int Code, string Said) run = GirProcess.Run(Next());
            if (run.Code != 0)
                Refused(log, writer.Name, $"{pages} free pages", run);
        }

        File.Delete(filler);
        Expect(log, GirProcess.Run(Next()), $"{writer.Name} once there is room");
        if (OutputFiles.Difference(whole, output) is { } difference)
            log.Fail($"disk: {writer.Name} once there is room: {difference}");
        Directory.Delete(output, recursive: true);
    }

    /// <summary>Of two that write into one folder, each works or is refused, and what is there in the end is what one makes.</summary>
    private static void TwoAtOnce(SoakLog log, Writer writer, string folder)
    {
        string whole = Path.Combine(folder, writer.Name + "-alone");
        Expect(log, GirProcess.Run([.. writer.Arguments, "--output", whole]), $"{writer.Name} alone");
        string output = Path.Combine(folder, writer.Name + "-two");
        using Process first = GirProcess.Start([.. writer.Arguments, "--output", output], out Task<string> firstSaid);
        using Process second = GirProcess.Start([.. writer.Arguments, "--output", output], out Task<string> secondSaid);
        first.WaitForExit();
        second.WaitForExit();
        foreach ((int Code, string Said) run in new[] { (first.ExitCode, firstSaid.Result), (second.ExitCode, secondSaid.Result) })
        {
            if (run.Code != 0)
                Refused(log, writer.Name, "two writers", run);
        }

        if (first.ExitCode != 0 && second.ExitCode != 0)
            Expect(log, GirProcess.Run([.. writer.Arguments, "--output", output, .. writer.Resume]), $"{writer.Name} after two writers");
        if (OutputFiles.Difference(whole, output) is { } difference)
            log.Fail($"disk: two writers of {writer.Name}: {difference}");
    }

    private static void Refused(SoakLog log, string name, string why, (int Code, string Said) run)
    {
        string[] errors = [.. run.Said.Split('\n').Where(l => l.StartsWith("error:", StringComparison.Ordinal))];
        if (run.Code != 2 || errors.Length != 1)
            log.Fail($"disk: {name}, {why}: exit code {run.Code}: {run.Said}");
        else
            log.Tell($"disk: {name}, {why}: {errors[0]}");
    }

    private static void Expect(SoakLog log, (int Code, string Said) run, string what)
    {
        if (run.Code != 0)
            log.Fail($"disk: {what}: exit code {run.Code}: {run.Said}");
    }

    /// <summary>Takes all of a disk but some pages.</summary>
    private static void Fill(string path, int free)
    {
        File.Delete(path);
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        byte[] page = new byte[Page];
        try
        {
            while (true)
                file.Write(page);
        }
        catch (IOException)
        {
            file.SetLength(Math.Max(0, file.Length - (free * Page)));
        }
    }

    private static bool Call(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private sealed record Writer(string Name, string[] Arguments, string[] Resume);
}
