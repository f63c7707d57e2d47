using Gir.Cli.Shell;
using Gir.Imaging.Codecs;

namespace Gir.Cli.Degrade;

/// <summary>One image to make.</summary>
/// <param name="Input">The clean image's file.</param>
/// <param name="Key">The image key of random draws and records: the file's name.</param>
/// <param name="Output">The file to write.</param>
internal sealed record Job(string Input, string Key, string Output);

/// <summary>Finds everything that can go wrong before the first pixel is touched.</summary>
internal static class Jobs
{
    public static IReadOnlyList<Job> Plan(DegradeSettings settings, IImageSource source)
    {
        string extension = Extension(settings.Format);
        Job[] jobs =
        [
            .. InputImages.Find(settings.Input)
                .Where(path => source.Knows(Path.GetFileName(path)))
                .Select(path => new Job(path, Path.GetFileName(path), Path.Combine(settings.Output, Path.GetFileNameWithoutExtension(path) + extension))),
        ];
        source.Check([.. jobs.Select(j => j.Key)], all: Directory.Exists(settings.Input));
        foreach (IGrouping<string, Job> same in jobs.GroupBy(j => j.Output, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
            throw new UsageException($"'{same.First().Input}' and '{same.ElementAt(1).Input}' would both become '{same.Key}'; rename one.");
        HashSet<string> inputs = [.. jobs.Select(j => Path.GetFullPath(j.Input))];
        foreach (Job job in jobs)
        {
            if (inputs.Contains(Path.GetFullPath(job.Output)))
                throw new UsageException($"'{job.Output}' is one of the inputs; choose another --output.");
            RequireAbsent(job.Output, settings.Force);
            ImageFileInfo info = ImageFile.ReadInfo(job.Input);
            if (info.Channels is < 1 or > 4)
                throw new UsageException($"'{job.Input}' has {info.Channels} channels; expected gray or RGB, with or without alpha.");
            if (info.Channels is 2 or 4 && extension == ".jpg")
                throw new UsageException($"'{job.Input}' has an alpha channel, which jpg cannot hold; choose another --format.");
        }

        if (settings.Replay is null)
            RequireAbsent(Path.Combine(settings.Output, DegradeCommand.RecordsName), settings.Force);
        return jobs;
    }

    private static string Extension(string format) => format.ToLowerInvariant() switch
    {
        "png" => ".png",
        "npy" => ".npy",
        "jpg" or "jpeg" => ".jpg",
        _ => throw new UsageException($"--format {format}: expected png, npy or jpg."),
    };

    private static void RequireAbsent(string path, bool force)
    {
        if (!force && Path.Exists(path))
            throw new UsageException($"'{path}' exists already; --force replaces it.");
    }
}
