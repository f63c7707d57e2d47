using System.CommandLine;
using Gir.Cli.Shell;
using Gir.Evaluation.Shards;
using Gir.Reports;

namespace Gir.Cli.Evaluate;

/// <summary>"evaluate merge": the shards of an evaluation as one.</summary>
internal static class MergeCommand
{
    public static Command Create(Terminal terminal)
    {
        var folders = new Argument<string[]>("DIR") { Description = "The output folder of every shard.", Arity = ArgumentArity.OneOrMore };
        var output = new Option<string>("--output", "-o") { Description = "Folder of the report and of the results of all.", HelpName = "DIR", Required = true };
        Option<bool> force = CommonOptions.Force();
        Option<bool> json = CommonOptions.Json("Print the report as JSON instead of tables.");
        var command = new Command("merge", "Puts the shards of an evaluation together: results and report are those of one run, byte for byte.") { folders, output, force, json };
        command.SetAction(parsed => Run(terminal, parsed.GetValue(folders)!, parsed.GetValue(output)!, parsed.GetValue(force), parsed.GetValue(json)));
        return command;
    }

    private static int Run(Terminal terminal, IReadOnlyList<string> folders, string output, bool force, bool json)
    {
        string path = Path.Combine(output, "report.json");
        string results = Path.Combine(output, "results.jsonl");
        var guard = new FileGuard();
        foreach (string folder in folders)
            guard.ReadsFolder(folder, "of a shard");
        guard.Writes(results, "the file of results", force);
        foreach (string extension in (string[])[".json", ".html", ".md", ".csv"])
            guard.Writes(Path.ChangeExtension(path, extension), "the report", force);
        ShardMerge merged = ShardMerge.Of(folders);
        OutputFolder.Prepare(output, "--output");
        merged.SaveResults(results);
        merged.Report.Save(path);
        new EvaluationPage(merged.Report) { Results = merged.Results }.Save(output);
        if (json)
        {
            terminal.Output.WriteLine(merged.Report.ToJson());
        }
        else
        {
            ReportTables.Print(terminal.Console, merged.Report);
            StudyTables.Print(terminal.Console, merged.Report);
            terminal.Say($"Report of {Words.Count(folders.Count, "shard")}: {path}");
        }

        foreach ((string image, string reason) in merged.LeftOut)
            terminal.Error.WriteLine($"left out: {image}: {reason}");
        return merged.LeftOut.Count > 0 ? ExitCode.Partly : ExitCode.Fine;
    }
}
