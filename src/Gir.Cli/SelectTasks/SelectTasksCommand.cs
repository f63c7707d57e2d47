using System.Globalization;
using System.Text;
using Gir.Cli.Shell;
using Gir.Degradations.Depth;
using Gir.Degradations.Tasks;
using Gir.Imaging;
using Gir.Imaging.Files;
using Gir.Imaging.Observability;
using Gir.Imaging.Scenes;
using Gir.Imaging.Text;

namespace Gir.Cli.SelectTasks;

/// <summary>Chooses tasks, prints what they stand for and writes their file.</summary>
internal static class SelectTasksCommand
{
    // Operators work on multiples of 4.
    private const int Multiple = 4;
    private const int SmallestSize = 32;
    private const int LargestSize = 1024;

    public static async Task<int> RunAsync(SelectTasksSettings settings, Terminal terminal, CancellationToken cancellationToken)
    {
        CommonOptions.RequireThreads(settings.Threads);
        CommonOptions.RequireLimit(settings.Limit);
        if (settings.Size is < SmallestSize or > LargestSize || settings.Size % Multiple != 0)
            throw new UsageException($"--size {settings.Size}: expected a multiple of {Multiple} in {SmallestSize}..{LargestSize}.");
        IReadOnlyList<string> strengths = ChoiceWords<TaskStrength>.Words;
        if (!strengths.Contains(settings.Strength))
            throw new UsageException($"--strength {settings.Strength}: expected {Suggestion.Among(settings.Strength, strengths)}.");
        var options = new TaskSelectionOptions
        {
            Orders = ParseOrders(settings.Orders),
            Candidates = settings.Candidates,
            TasksPerOrder = settings.PerOrder,
            Strength = ChoiceWords<TaskStrength>.Parse(settings.Strength),
            Seed = settings.Seed,
        };
        InputImages? inputs = settings.Images is null ? null : InputImages.Find(settings.Images, terminal, settings.Limit);
        var leftOut = new LeftOut(terminal, stops: settings.Strict || inputs is { IsFolder: false });
        ImageBuffer[] images = inputs is null
            ? [.. Enumerable.Range(1, settings.Limit).Select(i => SceneGenerator.Create((ulong)i, settings.Size, settings.Size).Image.Quantized())]
            : [.. inputs.Images.Select(i => Load(i, settings.Size, leftOut)).OfType<ImageBuffer>()];
        if (images.Length == 0)
            throw new UsageException($"--images {settings.Images}: no image can be read.");
        var guard = new FileGuard();
        foreach (InputImage input in inputs?.Images ?? [])
            guard.Reads(input.Path, "one of the images");
        guard.Writes(settings.Output, "the file of the tasks", settings.Force);
        if (settings.DryRun)
        {
            string counts = string.Join(", ", options.Orders.Select(o => string.Create(CultureInfo.InvariantCulture, $"{CandidatesOf(o, options)} of order {o}")));
            terminal.Output.WriteLine($"{counts} x {Words.Count(images.Length, "image")}, {Words.Count(options.Orders.Count * settings.PerOrder, "task")} to {settings.Output}");
            return leftOut.Close(inputs?.Images.Count ?? images.Length);
        }

        OutputFolder.PrepareFor(settings.Output, "--output");
        TaskSelection selection = await new ProgressView(terminal).ShowAsync("Degrading", 1, progress => Task.Run(
            () => TaskSelection.Select(
                images,
                options,
                new HeuristicDepthEstimator(),
                new Parallelism(settings.Threads),
                new Told<TaskSelectionProgress>(p => progress.Report(new WorkProgress(p.Done, p.Total, string.Create(CultureInfo.InvariantCulture, $"order {p.Order}")))),
                cancellationToken),
            cancellationToken));
        AtomicFile.Write(settings.Output, Encoding.UTF8.GetBytes(selection.ToTaskFile()));
        if (settings.Json)
            SelectTasksOutput.WriteJson(terminal.Output, selection, images.Length);
        else
            SelectTasksOutput.WriteTables(terminal.Console, selection, images.Length);
        if (!settings.Json)
            terminal.Say($"Tasks: {settings.Output}");
        return leftOut.Close(inputs?.Images.Count ?? images.Length);
    }

    private static long CandidatesOf(int order, TaskSelectionOptions options) =>
        options.Strength == TaskStrength.Random ? options.Candidates : Math.Min(TaskCandidates.Count(order), options.Candidates);

    private static ImageBuffer? Load(InputImage input, int size, LeftOut leftOut)
    {
        try
        {
            ImageBuffer image = input.Load().Color;
            if (Finite.Fault(image, $"'{input.Path}'") is { } fault)
                throw new UsageException(fault);
            if (image.Channels != 3)
                throw new UsageException($"{input.Path}: is gray; expected a color image, as histograms are compared channel by channel.");
            (int height, int width) = (Math.Min(size, image.Height / Multiple * Multiple), Math.Min(size, image.Width / Multiple * Multiple));
            if (height < SmallestSize || width < SmallestSize)
                throw new UsageException($"{input.Path}: {image.Height} x {image.Width} pixels; expected at least {SmallestSize} of each.");
            return image.Crop((image.Height - height) / 2, (image.Width - width) / 2, height, width);
        }
        catch (Exception e) when (LeftOut.IsInputs(e))
        {
            leftOut.Add(input.Path, e);
            return null;
        }
    }

    private static int[] ParseOrders(string text)
    {
        var orders = new SortedSet<int>();
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            string[] ends = part.Split('-', StringSplitOptions.TrimEntries);
            if (ends.Length > 2 || !IsOrder(ends[0], out int first) || !IsOrder(ends[^1], out int last) || last < first)
                throw new UsageException($"--orders {text}: expected numbers of 1..5 and ranges, e.g. 2-5 or 1,3.");
            orders.UnionWith(Enumerable.Range(first, last - first + 1));
        }

        return [.. orders];
    }

    private static bool IsOrder(string text, out int order) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out order) && order is >= 1 and <= Gir.Degradations.DegradationPipeline.PaperMaximumOrder;
}
