using Gir.Evaluation.Generality;

namespace Gir.Evaluation.Studies;

/// <summary>
/// Which degradations a restorer favors at the cost of others (the task preference of the GIR paper, section 5): the mean of <see cref="TaskOutcome.Preference"/> over the tasks that an
/// operator is part of.
/// </summary>
public static class OperatorPreference
{
    /// <summary>For every operator that has a judged task the mean preference, dB: negative where the restorer fears it. In order of first appearance.</summary>
    /// <param name="report">The report.</param>
    /// <param name="restorer">One of its restorers.</param>
    public static IReadOnlyDictionary<string, double> Of(GeneralityReport report, RestorerGenerality restorer)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(restorer);
        var preferences = new OrderedDictionary<string, List<double>>(StringComparer.Ordinal);
        for (int t = 0; t < restorer.Tasks.Count; t++)
        {
            if (restorer.Tasks[t].Preference is not { } preference || !double.IsFinite(preference))
                continue;
            foreach (string name in report.Configuration.Tasks[t].Operators.Distinct(StringComparer.Ordinal))
            {
                if (!preferences.TryGetValue(name, out List<double>? of))
                    preferences.Add(name, of = []);
                of.Add(preference);
            }
        }

        return new OrderedDictionary<string, double>(preferences.Select(p => KeyValuePair.Create(p.Key, p.Value.Average())), StringComparer.Ordinal);
    }
}
