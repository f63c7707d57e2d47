using System.CommandLine;
using System.Text;
using Gir.Cli.Shell;
using Gir.Degradations.Tasks;
using Gir.Evaluation.Lines;
using Gir.Imaging.Files;

namespace Gir.Cli.Train;

/// <summary>"train lines merge": lines of trainings that were shared out by tasks, as one file.</summary>
internal static class MergeLinesCommand
{
    public static Command Create(Terminal terminal)
    {
        var inputs = new Option<string[]>("--input", "-i") { Description = "Files of lines, at least two; may be repeated.", HelpName = "FILE", Required = true, AllowMultipleArgumentsPerToken = true };
        var output = new Option<string>("--output", "-o") { Description = "The file to write.", HelpName = "FILE", Required = true };
        Option<bool> force = CommonOptions.Force();
        var command = new Command("merge", "Makes one file of the lines that several trainings made of different tasks.") { inputs, output, force };
        command.SetAction(parsed => Run(terminal, parsed.GetValue(inputs)!, parsed.GetValue(output)!, parsed.GetValue(force)));
        return command;
    }

    private static int Run(Terminal terminal, IReadOnlyList<string> inputs, string output, bool force)
    {
        if (inputs.Count < 2)
            throw new UsageException("--input: expected at least two files of lines.");
        var guard = new FileGuard();
        foreach (string input in inputs)
            guard.Reads(input, "one of the files of --input");
        guard.Writes(output, "the merged file", force);
        OutputFolder.PrepareFor(output, "--output");
        QualityLines merged = QualityLines.Merge([.. inputs.Select(QualityLines.Load)]);
        AtomicFile.Write(output, Encoding.UTF8.GetBytes(merged.ToJson()));
        LinesTable.Print(terminal.Console, merged, output);
        // A part that was forgotten, or a task that got no line, would otherwise be noticed in an evaluation only.
        string[] without = [.. RepresentativeTasks.All.Select(t => t.Id).Where(t => !merged.Covers(t))];
        if (without.Length > 0 && without.Length < RepresentativeTasks.All.Count)
            terminal.Note($"note: no line for {without.Length} of the {RepresentativeTasks.All.Count} representative tasks: {string.Join(", ", without)}.");
        return ExitCode.Fine;
    }
}
