using System.Globalization;
using Gir.Evaluation.Lines;

namespace Gir.Evaluation.Generality;

/// <summary>Rates over the tasks that have something in common.</summary>
/// <param name="psnr">Mean PSNR of every task.</param>
/// <param name="lines">The tasks' lines; null for tasks that have none.</param>
/// <param name="comparison">What reaching a line means.</param>
internal sealed class TaskSubsets(double[] psnr, QualityLine?[] lines, LineComparison comparison)
{
    /// <summary>By the number of operators, ascending; tasks whose order is 0 (not known) are left out.</summary>
    public IReadOnlyList<TaskSubset> ByOrder(Func<int, int> order) =>
        [.. Members<int>(t => order(t) is > 0 and int k ? [k] : []).OrderBy(m => m.Key).Select(m => Over($"k={m.Key.ToString(CultureInfo.InvariantCulture)}", m.Value))];

    /// <summary>By names, in order of first appearance; a task counts once for each of its distinct names.</summary>
    public IReadOnlyList<TaskSubset> By(Func<int, IEnumerable<string>> names) => [.. Members(names).Select(m => Over(m.Key, m.Value))];

    /// <summary>The first subset minus the second.</summary>
    public static CrossValidationGap Gap(TaskSubset first, TaskSubset second) => new(
        first.AcceptanceRate - second.AcceptanceRate,
        first.ExcellenceRate - second.ExcellenceRate,
        first.Psnr - second.Psnr,
        first.AcceptanceMargin - second.AcceptanceMargin);

    private OrderedDictionary<TKey, List<int>> Members<TKey>(Func<int, IEnumerable<TKey>> keys)
        where TKey : notnull
    {
        var members = new OrderedDictionary<TKey, List<int>>();
        for (int t = 0; t < psnr.Length; t++)
        {
            foreach (TKey key in keys(t).Distinct())
            {
                if (!members.TryGetValue(key, out List<int>? list))
                    members.Add(key, list = []);
                list.Add(t);
            }
        }

        return members;
    }

    private TaskSubset Over(string name, List<int> tasks)
    {
        double psnrOfAll = tasks.Average(t => psnr[t]);
        int[] judged = [.. tasks.Where(t => lines[t] is not null)];
        if (judged.Length == 0)
            return new TaskSubset(name, tasks.Count, null, null, psnrOfAll, null) { WithoutLine = tasks.Count };
        double[] values = [.. judged.Select(t => psnr[t])];
        QualityLine[] held = [.. judged.Select(t => lines[t]!.Value)];
        return new TaskSubset(
            name,
            tasks.Count,
            GeneralityRates.Acceptance(values, held, comparison),
            GeneralityRates.Excellence(values, held, comparison),
            psnrOfAll,
            values.Zip(held, (value, line) => value - line.Acceptance).Average())
        {
            WithoutLine = tasks.Count - judged.Length,
        };
    }
}
