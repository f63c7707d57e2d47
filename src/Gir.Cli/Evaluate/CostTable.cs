using System.Globalization;
using Gir.Cli.Shell;
using Gir.Evaluation.Generality;
using Gir.Evaluation.Studies;
using Gir.Models.Restoration;
using Gir.Reports;
using Spectre.Console;

namespace Gir.Cli.Evaluate;

/// <summary>Quality against parameters, operations and time, as a table and as cost.json beside the report.</summary>
internal static class CostTable
{
    private const int Size = 256;

    /// <summary>Measures every restorer, and writes cost.json.</summary>
    public static IReadOnlyList<RestorationCost> Measure(EvaluateSettings settings, IReadOnlyList<IRestorer> restorers, CancellationToken cancellationToken)
    {
        RestorationCost[] costs = [.. restorers.Select(r => RestorationCost.Measure(r, Size, Size, cancellationToken: cancellationToken))];
        RestorationCost.Save(Path.Combine(settings.Output, "cost.json"), costs);
        return costs;
    }

    public static void Print(EvaluateSettings settings, Terminal terminal, GeneralityReport report, IReadOnlyList<RestorationCost> costs)
    {
        if (costs.Count == 0)
            return;
        Table table = Tables.New(
            string.Create(CultureInfo.InvariantCulture, $"Quality and cost of {Size} x {Size} pixels, {Words.Count(settings.Threads, "thread")}"),
            "restorer",
            ["PSNR", "AR", "parameters", "multiply-adds\n(10^9)", "ms", "unbeaten"]);
        var rows = costs.Zip(report.Restorers, (c, r) => (Cost: c, Result: r)).OrderBy(p => p.Cost.Seconds).ToArray();
        double best = double.NegativeInfinity;
        foreach ((RestorationCost cost, RestorerGenerality result) in rows)
        {
            double psnr = result.Averages[GeneralityReport.PsnrName].Value;
            // Whoever is better than all that are faster.
            bool isUnbeaten = psnr > best;
            best = Math.Max(best, psnr);
            table.AddRow(Tables.Cells(
                Ranking.ShortName(report, result),
                Tables.Decibels(psnr),
                Tables.Rate(result.AcceptanceRate.Value),
                cost.ParameterCount.ToString("N0", CultureInfo.InvariantCulture),
                cost.MultiplyAdds == 0 ? Tables.Nothing : (cost.MultiplyAdds / 1e9).ToString("0.0##", CultureInfo.InvariantCulture),
                (cost.Seconds * 1000).ToString("0.0", CultureInfo.InvariantCulture),
                isUnbeaten ? "yes" : ""));
        }

        terminal.Console.Write(table);
        terminal.Console.WriteLine("ms: median of three on this machine; multiply-adds: of convolutions, matrix products and attention; unbeaten: none that is as fast has a higher PSNR.");
    }
}
