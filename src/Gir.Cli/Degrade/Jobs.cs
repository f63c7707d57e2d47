using Gir.Cli.Shell;
using Gir.Degradations;
using Gir.Degradations.Depth;
using Gir.Imaging.Codecs;

namespace Gir.Cli.Degrade;

/// <summary>One image to make.</summary>
/// <param name="Input">The clean image.</param>
/// <param name="Output">The file to write, or "-".</param>
/// <param name="Extension">The format's extension.</param>
internal sealed record Job(InputImage Input, string Output, string Extension)
{
    /// <summary>The image key of random draws and records: the file's name.</summary>
    public string Key => Input.Name;
}

/// <summary>Finds everything that can go wrong before the first pixel is touched.</summary>
internal static class Jobs
{
    public static IReadOnlyList<Job> Plan(DegradeSettings settings, string output, InputImages inputs, IImageSource source, LeftOut leftOut)
    {
        bool isPiped = output == InputImage.StandardInput;
        bool isFile = !isPiped && IsFile(output, inputs);
        if (!isFile)
            OutputFolder.RequireFolderName(output, "--output");
        string extension = isFile ? ImageFormats.ExtensionOf(output, settings.Format) : ImageFormats.Extension(settings.Format ?? "png");
        ResultWriter.RequireBits(settings.Bits, extension);
        if (isPiped && inputs.Images.Count > 1)
            throw new UsageException($"--output -: takes one image, and '{settings.Input}' holds {inputs.Images.Count}.");
        Job[] jobs =
        [
            .. inputs.Images
                .Where(image => source.Knows(image.Name))
                .Select(image => new Job(image, isPiped || isFile ? output : Path.Combine(output, image.Stem + extension), extension)),
        ];
        source.Check([.. jobs.Select(j => j.Key)], all: inputs.IsFolder);
        RequireDepth(settings, jobs);
        Job[] readable = [.. jobs.Where(job => IsReadable(job, leftOut))];
        if (!isPiped)
            Guard(settings, FolderOf(output, inputs), inputs, readable);
        return readable;
    }

    /// <summary>The folder of results and records: the output, or where one image is written to a file, that file's.</summary>
    public static string FolderOf(string output, InputImages inputs) =>
        !IsFile(output, inputs) ? output : Path.GetDirectoryName(output) is { Length: > 0 } folder ? folder : ".";

    /// <summary>Whether one image is to become the file that the output names.</summary>
    private static bool IsFile(string output, InputImages inputs) => !inputs.IsFolder && !Directory.Exists(output) && ImageCodecs.FindByExtension(output) is not null;

    private static bool IsReadable(Job job, LeftOut leftOut)
    {
        ImageFileInfo info;
        try
        {
            info = job.Input.ReadInfo();
            if (info.Channels is < 1 or > 4)
                throw new UsageException($"'{job.Input.Path}' has {info.Channels} channels; expected gray or RGB, with or without alpha.");
        }
        catch (Exception e) when (LeftOut.IsInputs(e))
        {
            leftOut.Add(job.Input.Path, e);
            return false;
        }

        return info.Channels is not (2 or 4) || ImageCodecs.FindByExtension(job.Extension) != ImageCodecs.FindByExtension(".jpg")
            ? true
            : throw new UsageException($"'{job.Input.Path}' has an alpha channel, which jpg cannot hold; choose another --format.");
    }

    private static void Guard(DegradeSettings settings, string folder, InputImages inputs, IReadOnlyList<Job> jobs)
    {
        if (jobs.GroupBy(j => j.Output, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } same)
            throw new UsageException($"'{same.First().Input.Path}' and '{same.ElementAt(1).Input.Path}' would both become '{same.Key}'; rename one.");
        var guard = new FileGuard();
        foreach (InputImage image in inputs.Images)
            guard.Reads(image.Path, "one of the inputs");
        guard.Reads(settings.Replay, "the file of --replay");
        guard.ReadsFolder(settings.Depth, "in the folder of --depth");
        foreach (Job job in jobs)
            guard.Writes(job.Output, $"the result for '{job.Input.Name}'", replace: settings.Force || settings.Resume);
        // Records are appended: a file that exists is no obstacle.
        if (settings.Replay is null)
            guard.Writes(Path.Combine(folder, RecordLog.UsualName), "the file of records", replace: true);
    }

    private static void RequireDepth(DegradeSettings settings, IReadOnlyList<Job> jobs)
    {
        if (settings.Depth is not null && new DepthMapFolder(settings.Depth) { Images = [.. jobs.Select(j => j.Input.Path)] } is { } depths && !jobs.Any(j => depths.Contains(j.Key)))
            throw new UsageException($"--depth {settings.Depth}: there is no depth map of any input, e.g. {jobs[0].Input.Stem}.npy or {jobs[0].Input.Stem}.png.");
    }
}
