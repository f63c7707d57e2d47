using System.Globalization;
using Gir.Evaluation.Generality;
using Gir.Evaluation.Studies;
using Gir.Reports.Charts;
using Gir.Reports.Html;

namespace Gir.Reports.Sections;

/// <summary>Quality against time, operations and parameters.</summary>
internal static class CostSection
{
    // Of one network alone there is nothing to compare.
    private const int LeastNetworks = 2;

    public static void Write(HtmlText html, EvaluationPage page, IReadOnlyList<RestorerGenerality> ranked)
    {
        Priced[] all =
        [
            .. ranked.Index().Select(r => (Number: r.Index + 1, r.Item, Cost: page.Costs.FirstOrDefault(c => c.Restorer == r.Item.Name))).Where(p => p.Cost is not null)
                .Select(p => new Priced(p.Number, Ranking.ShortName(page.Report, p.Item), p.Item, p.Cost!)),
        ];
        if (all.Length == 0)
            return;
        html.Add($"<p class=\"note\">An image of {all[0].Cost.Width} x {all[0].Cost.Height} pixels. Time is the median of several on the machine that made the report; multiply-adds are those of convolutions, matrix products and attention. Numbers are those of the summary.</p><div class=\"charts\">");
        Chart(html, "PSNR against time", "milliseconds", all, c => c.Seconds * 1000);
        Priced[] networks = [.. all.Where(p => p.Cost.MultiplyAdds > 0)];
        if (networks.Length >= LeastNetworks)
        {
            Chart(html, "PSNR against operations", "multiply-adds, billions", networks, c => c.MultiplyAdds / 1e9);
            Chart(html, "PSNR against size", "parameters, millions", networks, c => c.ParameterCount / 1e6);
        }

        html.Add($"</div>");
        Table(html, all);
    }

    private static void Chart(HtmlText html, string title, string axis, Priced[] priced, Func<RestorationCost, double> cost)
    {
        (int, string, double Cost, double Psnr, bool)[] points =
            [.. priced.Select(p => (p.Number, p.Name, Cost: cost(p.Cost), Psnr: p.Psnr, p.Cost.ParameterCount > 0)).Where(p => p.Cost > 0 && double.IsFinite(p.Psnr))];
        if (points.Length > 0)
            CostScatter.Draw(html, title, axis, points);
    }

    private static void Table(HtmlText html, Priced[] all)
    {
        TableHtml.Open(html, "Quality and cost", "Unbeaten: none that is as fast has a higher PSNR.", sortable: true);
        TableHtml.Head(html, [new(TableHtml.Rank), new("restorer"), new("PSNR"), new("AR"), new("parameters"), new("multiply-adds", "billions"), new("time", "ms"), new("unbeaten")]);
        foreach (Priced priced in all)
        {
            bool isUnbeaten = !all.Any(o => o.Cost.Seconds <= priced.Cost.Seconds && o.Psnr > priced.Psnr);
            RestorationCost cost = priced.Cost;
            html.Add($"<tr><td class=\"rank\">{priced.Number}</td><th scope=\"row\">{priced.Name}</th><td>{Numbers.Of("psnr", priced.Psnr)}</td><td>{Numbers.Percent(priced.Restorer.AcceptanceRate.Value)}</td>");
            html.Add($"<td data-v=\"{cost.ParameterCount.ToString(CultureInfo.InvariantCulture)}\">{(cost.ParameterCount == 0 ? Numbers.Nothing : cost.ParameterCount.ToString("N0", CultureInfo.InvariantCulture))}</td>");
            html.Add($"<td data-v=\"{cost.MultiplyAdds.ToString(CultureInfo.InvariantCulture)}\">{(cost.MultiplyAdds == 0 ? Numbers.Nothing : (cost.MultiplyAdds / 1e9).ToString("0.0##", CultureInfo.InvariantCulture))}</td>");
            html.Add($"<td data-v=\"{Numbers.Key(cost.Seconds)}\">{cost.Seconds * 1000:0.0}</td><td>{(isUnbeaten ? "yes" : "")}</td></tr>");
        }

        TableHtml.Close(html);
    }

    private sealed record Priced(int Number, string Name, RestorerGenerality Restorer, RestorationCost Cost)
    {
        public double Psnr => Restorer.Averages[GeneralityReport.PsnrName].Value;
    }
}
