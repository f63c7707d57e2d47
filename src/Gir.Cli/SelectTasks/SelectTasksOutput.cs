using System.Globalization;
using Gir.Cli.Shell;
using Gir.Degradations.Tasks;
using Spectre.Console;

namespace Gir.Cli.SelectTasks;

/// <summary>Chosen tasks as tables or as JSON.</summary>
internal static class SelectTasksOutput
{
    public static void WriteTables(IAnsiConsole console, TaskSelection selection, int images)
    {
        foreach (OrderSelection order in selection.Orders)
        {
            Table table = Tables.New(
                string.Create(CultureInfo.InvariantCulture, $"k = {order.Order}: {order.Candidates} candidates of {order.Sequences} sequences"), "task", ["members", "similarity"]);
            table.AddColumn(new TableColumn("degradations"));
            foreach (SelectedTask task in order.Tasks)
                table.AddRow(Tables.Cells(task.Task.Id, task.Members.ToString(CultureInfo.InvariantCulture), Tables.Rate(task.Similarity), task.Task.Pipeline.ToExpression()));
            console.Write(table);
            if (order.OverallSimilarity is { } all)
                console.WriteLine($"any two candidates: similarity {Tables.Rate(all)}.");
        }

        console.WriteLine($"members: candidates that a task stands for; similarity: mean histogram intersection with them, over {Words.Count(images, "image")} (1 is the same histogram).");
    }

    public static void WriteJson(TextWriter output, TaskSelection selection, int images) => JsonText.Write(output, json =>
    {
        json.WriteStartObject();
        json.WriteString("seed", selection.Options.Seed.ToString(CultureInfo.InvariantCulture));
        json.WriteString("strength", selection.Options.Strength == TaskStrength.Random ? "random" : "representative");
        json.WriteNumber("images", images);
        json.WriteStartArray("orders");
        foreach (OrderSelection order in selection.Orders)
        {
            json.WriteStartObject();
            json.WriteNumber("order", order.Order);
            json.WriteNumber("sequences", order.Sequences);
            json.WriteNumber("candidates", order.Candidates);
            if (order.OverallSimilarity is { } all)
                json.WriteNumber("overallSimilarity", all);
            json.WriteStartArray("tasks");
            foreach (SelectedTask task in order.Tasks)
            {
                json.WriteStartObject();
                json.WriteString("id", task.Task.Id);
                json.WriteString("pipeline", task.Task.Pipeline.ToExpression());
                json.WriteNumber("members", task.Members);
                json.WriteNumber("similarity", task.Similarity);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });
}
