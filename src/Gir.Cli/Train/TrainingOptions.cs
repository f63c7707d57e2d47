using System.CommandLine;

namespace Gir.Cli.Train;

/// <summary>Options that all trainings have.</summary>
internal static class TrainingOptions
{
    public static Option<string?> Images() => new("--images", "-i") { Description = "A folder of photographs, or \"scenes\" for procedural ones.", HelpName = "DIR|scenes" };

    public static Option<int?> Scenes() => new("--scenes") { Description = "How many procedural scenes; beside photographs none by default.", HelpName = "N" };

    public static Option<double?> TimeLimit() => new("--time-limit") { Description = "Save and stop after so many minutes.", HelpName = "MINUTES" };
}
