using System.Reflection;

namespace Gir.PublicApi.Tests;

/// <summary>Compares a package's public surface with the text that was accepted last; tests of optional packages compile this file too.</summary>
internal static class ApiBaseline
{
    public static void Check(string package)
    {
        string actual = ApiPrinter.Print(Assembly.Load(package));
        string baselinePath = Path.Combine(TestData.Root, "tests", "Gir.PublicApi.Tests", "Baselines", package + ".txt");
        string baseline = File.Exists(baselinePath) ? File.ReadAllText(baselinePath) : "";
        if (actual == baseline)
            return;

        // Beside the test's binaries, never over the baseline: accepting a change is the author's deliberate copy.
        string actualPath = Path.Combine(AppContext.BaseDirectory, package + ".actual.txt");
        File.WriteAllText(actualPath, actual);
        string[] before = baseline.Split('\n');
        string[] after = actual.Split('\n');
        IEnumerable<string> differences = before.Except(after).Select(l => "- " + l).Concat(after.Except(before).Select(l => "+ " + l));
        Assert.Fail($"The public surface of {package} changed. If that is intended: cp {actualPath} {baselinePath}\n{string.Join('\n', differences.Take(40))}");
    }
}
