using Gir.Evaluation.Generality;
using Gir.Evaluation.Lines;
using Gir.Evaluation.Results;
using Gir.Imaging.Random;
using Gir.Models.Restoration;

namespace Gir.Evaluation.Tests;

/// <summary>Damaged files are refused with an <see cref="EvaluationException"/>, or read as what they still say; nothing else happens.</summary>
public sealed class HostileFilesTests
{
    private const int Trials = 400;
    private static readonly string[] Fragments = ["null", "[]", "{}", "\"x\"", "-1", "1e999", "\"NaN\"", "", ",", "]", "}", "\u0001", "\"\\ud800\"", "true"];

    [Test]
    public void Lines() => Each(
        QualityLines.Fixed("mine", new Dictionary<string, QualityLine> { ["1"] = new(25.1, 26.2), ["2"] = new(30.74, 32.41) }, "made up").ToJson(),
        text => _ = QualityLines.FromJson(text).ToJson());

    [Test]
    public void Reports()
    {
        using ResultStore store = ResultStore.InMemory(Examples.Configuration(tasks: 2, images: 2));
        store.Add(ResultRecord.InputName, [[20, 22], [19, 18]]);
        store.Add("a", [[21, 30], [20, 20]]);
        Each(GeneralityReport.From(store, [new RestorerInfo("a", "first")]).ToJson(), text => _ = GeneralityReport.FromJson(text).ToJson());
    }

    [Test]
    public void Results()
    {
        using var folder = new TemporaryFolder();
        string path = folder["results.jsonl"];
        using (ResultStore store = ResultStore.Open(path, Examples.Configuration()))
            store.Add("a", [[20, 22, 21], [18, 17, double.PositiveInfinity]]);
        Each(File.ReadAllText(path), text =>
        {
            File.WriteAllText(path, text);
            using ResultStore store = ResultStore.Open(path, Examples.Configuration());
            Assert.That(store.ToList(), Has.Count.LessThanOrEqualTo(6));
        });
    }

    [Test]
    public void A_report_with_a_null_or_half_a_surrogate_pair_is_refused()
    {
        Assert.That(() => GeneralityReport.FromJson("\ud800"), Throws.TypeOf<EvaluationException>().With.Message.Contains("surrogate"));
        using ResultStore store = ResultStore.InMemory(Examples.Configuration());
        store.Add(ResultRecord.InputName, [[20, 22, 21], [19, 18, 17]]);
        string json = GeneralityReport.From(store, []).ToJson();
        foreach (string property in new[] { "configuration", "lines", "input", "restorers", "fingerprint" })
        {
            string damaged = System.Text.RegularExpressions.Regex.Replace(json, $"\n  \"{property}\": ", $"\n  \"{property}\": null, \"other\": ");
            Assert.That(damaged, Is.Not.EqualTo(json));
            Assert.That(() => GeneralityReport.FromJson(damaged, "report.json"), Throws.TypeOf<EvaluationException>().With.Message.StartsWith("report.json: $." + property));
        }
    }

    [Test]
    [Category(TestData.RealData)]
    public void The_files_that_an_audit_found_are_refused()
    {
        string hostile = TestData.Shared("faults", "hostile");
        Assert.That(() => GeneralityReport.FromJson(File.ReadAllText(Path.Combine(hostile, "report-1-0.json"))), Throws.TypeOf<EvaluationException>());
        using var folder = new TemporaryFolder();
        File.Copy(Path.Combine(hostile, "results-min.jsonl"), folder["results.jsonl"]);
        Assert.That(() => ResultStore.Open(folder["results.jsonl"], Examples.Configuration()), Throws.TypeOf<EvaluationException>());
    }

    [Test]
    public void Deep_nesting_is_refused()
    {
        string deep = string.Concat(Enumerable.Repeat("{\"lines\":", 100_000));
        Assert.That(() => QualityLines.FromJson(deep), Throws.TypeOf<EvaluationException>());
        Assert.That(() => GeneralityReport.FromJson(deep), Throws.TypeOf<EvaluationException>());
    }

    [Test]
    public void A_file_of_lines_that_is_far_too_large_is_not_read()
    {
        using var folder = new TemporaryFolder();
        using (FileStream file = File.Create(folder["lines.json"]))
            file.SetLength(1L << 34);
        Assert.That(() => QualityLines.Load(folder["lines.json"]), Throws.TypeOf<EvaluationException>().With.Message.Contains("lines.json").And.Message.Contains("bytes"));
    }

    private static void Each(string whole, Action<string> read)
    {
        var random = new PhiloxRandom(17);
        for (int trial = 0; trial < Trials; trial++)
        {
            int at = random.NextInteger(0, whole.Length - 1);
            int length = Math.Min(random.NextInteger(0, 12), whole.Length - at);
            string fragment = Fragments[random.NextInteger(0, Fragments.Length - 1)];
            // A value is replaced whole as often as any stretch of text is.
            int colon = whole.IndexOf(':', at);
            string damaged = (trial % 3) switch
            {
                0 => whole[..at],
                1 => string.Concat(whole.AsSpan(0, at), fragment, whole.AsSpan(at + length)),
                _ when colon < 0 => whole[..at],
                _ => ReplaceValue(whole, colon + 1, fragment),
            };
            try
            {
                read(damaged);
            }
            catch (EvaluationException e)
            {
                Assert.That(e.Message, Is.Not.Empty);
            }
            catch (Exception e)
            {
                Assert.Fail($"trial {trial}: {e.GetType().Name}: {e.Message}\n{damaged}");
            }
        }
    }

    /// <summary>Replaces the value that begins at a position, up to its end at the same depth.</summary>
    private static string ReplaceValue(string text, int start, string fragment)
    {
        (int end, int depth, bool quoted) = (start, 0, false);
        for (; end < text.Length; end++)
        {
            char c = text[end];
            if (c == '"' && text[end - 1] != '\\')
                quoted = !quoted;
            else if (!quoted && depth == 0 && (c is ',' or '}' or ']' or '\n'))
                break;
            else if (!quoted)
                depth += c is '{' or '[' ? 1 : c is '}' or ']' ? -1 : 0;
        }

        return string.Concat(text.AsSpan(0, start), fragment, text.AsSpan(end));
    }
}
