using Gir.Cli.Shell;

namespace Gir.Cli.Restore;

/// <summary>An image to restore and the file to write, or "-".</summary>
/// <param name="Input">The degraded image.</param>
/// <param name="Output">The file.</param>
/// <param name="Extension">The format's extension.</param>
internal sealed record Job(InputImage Input, string Output, string Extension)
{
    /// <summary>Whether samples are written as they are.</summary>
    public bool IsNumpy => Extension.Equals(Jobs.Numpy, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Finds everything that can go wrong before a network is read.</summary>
internal static class Jobs
{
    public const string Numpy = ".npy";

    /// <summary>What there is to do; with --resume without what is there.</summary>
    public static IReadOnlyList<Job> Plan(RestoreSettings settings, InputImages inputs)
    {
        string output = settings.Output!;
        Job[] jobs = [.. inputs.Images.Select(image => Plan(settings, inputs, image))];
        if (output == InputImage.StandardInput && jobs.Length > 1)
            throw new UsageException($"--output -: takes one image, and '{settings.Input}' holds {jobs.Length}.");
        if (jobs.GroupBy(j => j.Output, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } same)
            throw new UsageException($"'{same.First().Input.Path}' and '{same.ElementAt(1).Input.Path}' would both become '{same.Key}'; rename one.");

        bool replace = settings.Force || settings.Resume;
        var guard = new FileGuard();
        foreach (InputImage image in inputs.Images)
            guard.Reads(image.Path, "one of the inputs");
        guard.Reads(settings.Model, "the file of --model");
        guard.Reads(settings.Options, "the file of --options");
        foreach (Job job in jobs.Where(j => j.Output != InputImage.StandardInput))
        {
            ImageFormats.RequireImageExtension(job.Output);
            guard.Writes(job.Output, $"the result for '{job.Input.Name}'", replace);
        }

        if (settings.Sheet is { } sheet)
        {
            ImageFormats.RequireImageExtension(sheet);
            guard.Writes(sheet, "the sheet of --sheet", replace);
        }

        return settings.Resume ? [.. jobs.Where(j => !File.Exists(j.Output))] : jobs;
    }

    private static Job Plan(RestoreSettings settings, InputImages inputs, InputImage image)
    {
        string output = settings.Output!;
        string chosen = settings.Format is { } format ? ImageFormats.Extension(format) : IsNumpy(image) ? Numpy : ".png";
        if (output == InputImage.StandardInput)
            return Checked(new Job(image, output, chosen), settings.Bits);
        if (inputs.IsFolder || Directory.Exists(output))
            return Checked(new Job(image, Path.Combine(output, image.Stem + chosen), chosen), settings.Bits);
        return Checked(new Job(image, output, ImageFormats.ExtensionOf(output, settings.Format)), settings.Bits);
    }

    private static Job Checked(Job job, int? bits)
    {
        ResultWriter.RequireBits(bits, job.Extension);
        return job;
    }

    private static bool IsNumpy(InputImage image) => Path.GetExtension(image.Name).Equals(Numpy, StringComparison.OrdinalIgnoreCase);
}
