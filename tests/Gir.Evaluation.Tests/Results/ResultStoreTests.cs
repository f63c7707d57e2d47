using Gir.Evaluation.Results;

namespace Gir.Evaluation.Tests.Results;

[OnePass]
public sealed class ResultStoreTests
{
    private TemporaryFolder _folder = null!;
    private string _path = null!;

    [SetUp]
    public void SetUp()
    {
        _folder = new TemporaryFolder();
        _path = _folder["results.jsonl"];
    }

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void What_was_appended_is_there_when_the_file_is_opened_again()
    {
        Fill(psnr: [30.125, double.PositiveInfinity, 1.0 / 3]);

        using ResultStore store = ResultStore.Open(_path, Examples.Configuration());

        Assert.That(store.Count, Is.EqualTo(3));
        Assert.That(store.TornBytes, Is.Zero);
        Assert.That(store.Find("a", "1", "image2")!.Metrics["psnr"], Is.EqualTo(double.PositiveInfinity));
        Assert.That(store.Find("a", "1", "image3")!.Metrics["psnr"], Is.EqualTo(1.0 / 3));
        Assert.That(store.Find("a", "2", "image1"), Is.Null);
    }

    [Test]
    public void A_file_cut_at_any_byte_opens_with_every_whole_line_and_nothing_else()
    {
        Fill(psnr: [30.125, 28.5, 27.25]);
        byte[] whole = File.ReadAllBytes(_path);
        for (int length = 0; length <= whole.Length; length++)
        {
            File.WriteAllBytes(_path, whole[..length]);
            int lines = whole[..length].Count(b => b == '\n');

            using (ResultStore store = ResultStore.Open(_path, Examples.Configuration()))
            {
                Assert.That(store.Count, Is.EqualTo(Math.Max(0, lines - 1)), $"cut at byte {length}");
                foreach (int i in Enumerable.Range(store.Count + 1, 3 - store.Count))
                    store.Append(Examples.Result("a", "1", $"image{i}", new[] { 30.125, 28.5, 27.25 }[i - 1]));
            }

            Assert.That(File.ReadAllBytes(_path), Is.EqualTo(whole), $"cut at byte {length}");
        }
    }

    [Test]
    public void A_file_that_is_settled_is_in_order_and_holds_the_same()
    {
        string[] images = ["image2", "image3", "image1"];
        using (ResultStore store = ResultStore.Open(_path, Examples.Configuration()))
        {
            foreach (string image in images)
                store.Append(Examples.Result("a", "1", image, 30));
            store.Append(Examples.Result("B", "2", "image1", double.PositiveInfinity));
            store.Settle();
            Assert.That(() => store.Append(Examples.Result("a", "2", "image1", 30)), Throws.TypeOf<ObjectDisposedException>());
        }

        using ResultStore read = ResultStore.Read(_path);
        Assert.That(File.ReadLines(_path).Skip(1).Select(l => l[l.IndexOf("\"restorer", StringComparison.Ordinal)..l.IndexOf(",\"metrics", StringComparison.Ordinal)]), Is.EqualTo(new[]
        {
            """
            "restorer":"B","task":"2","image":"image1"
            """,
            """
            "restorer":"a","task":"1","image":"image1"
            """,
            """
            "restorer":"a","task":"1","image":"image2"
            """,
            """
            "restorer":"a","task":"1","image":"image3"
            """,
        }));
        Assert.That(read.Find("B", "2", "image1")!.Metrics["psnr"], Is.EqualTo(double.PositiveInfinity));
        Assert.That(read.Count, Is.EqualTo(4));
    }

    [Test]
    public void A_last_line_of_zeros_is_cut_like_a_torn_one()
    {
        Fill(psnr: [30.125]);
        byte[] whole = File.ReadAllBytes(_path);
        File.WriteAllBytes(_path, [.. whole, .. new byte[40], (byte)'\n']);

        using ResultStore store = ResultStore.Open(_path, Examples.Configuration());

        Assert.That(store.TornBytes, Is.EqualTo(41));
        Assert.That(store.Count, Is.EqualTo(1));
    }

    [Test]
    public void Damage_in_the_middle_is_refused_with_its_line_and_leaves_the_file_alone()
    {
        Fill(psnr: [30.125, 28.5]);
        string[] lines = File.ReadAllLines(_path);
        lines[1] = lines[1][..10];
        File.WriteAllLines(_path, lines);
        byte[] before = File.ReadAllBytes(_path);

        Assert.That(() => ResultStore.Open(_path, Examples.Configuration()), Throws.TypeOf<EvaluationException>().With.Message.Contains("results.jsonl, line 2"));
        Assert.That(File.ReadAllBytes(_path), Is.EqualTo(before));
    }

    [Test]
    public void Results_of_another_configuration_are_refused_with_the_difference()
    {
        Fill(psnr: [30.125]);
        byte[] before = File.ReadAllBytes(_path);
        EvaluationConfiguration same = Examples.Configuration();
        EvaluationConfiguration otherImage = same with { Images = [.. same.Images.Take(2), new EvaluatedImage("image3", "changed")] };

        Assert.That(() => ResultStore.Open(_path, Examples.Configuration(seed: 8)), Refused("seed 7 there, 8 here"));
        Assert.That(() => ResultStore.Open(_path, Examples.Configuration(tasks: 3)), Refused("tasks only here: 3"));
        Assert.That(() => ResultStore.Open(_path, Examples.Configuration(images: 1)), Refused("images only there: image2, image3"));
        Assert.That(() => ResultStore.Open(_path, otherImage), Refused("images that changed: image3"));
        Assert.That(() => ResultStore.Open(_path, same with { Version = "9" }), Refused("version 0.1.0.0 there, 9 here"));
        Assert.That(() => ResultStore.Open(_path, same with { Metrics = [new EvaluatedMetric("psnr", "Y", true)] }), Refused("metrics that changed: psnr"));
        Assert.That(() => ResultStore.Open(_path, same with { Images = [.. same.Images.Reverse()] }), Refused("images in another order"));
        Assert.That(File.ReadAllBytes(_path), Is.EqualTo(before));
    }

    [TestCase("")]
    [TestCase("\n")]
    [TestCase("a diary\n")]
    [TestCase("a diary without a line feed")]
    [TestCase("{\"format\":\"gir-report\"}\n")]
    [TestCase("null\n")]
    public void Somebody_elses_file_is_refused_and_left_alone(string content)
    {
        File.WriteAllText(_path, content);
        if (content.Length == 0)
        {
            using ResultStore store = ResultStore.Open(_path, Examples.Configuration());
            Assert.That(store.Count, Is.Zero);
            return;
        }

        Assert.That(() => ResultStore.Open(_path, Examples.Configuration()), Throws.TypeOf<EvaluationException>().With.Message.Contains("not a file of results"));
        Assert.That(File.ReadAllText(_path), Is.EqualTo(content));
    }

    [Test]
    public void A_result_is_in_the_file_as_soon_as_append_returns()
    {
        const string Line = "{\"run\":\"0123456789ab\",\"restorer\":\"a\",\"task\":\"1\",\"image\":\"image1\",\"metrics\":{\"psnr\":30}}\n";
        long before, after;
        using (ResultStore store = ResultStore.Open(_path, Examples.Configuration()))
        {
            before = new FileInfo(_path).Length;
            store.Append(Examples.Result("a", "1", "image1", 30));
            after = new FileInfo(_path).Length;
        }

        Assert.That(after - before, Is.EqualTo(Line.Length));
        Assert.That(File.ReadAllText(_path), Does.EndWith(Line[22..]).And.Match("\n\\{\"run\":\"[0-9a-f]{12}\",[^\n]*\n$"));
    }

    [Test]
    public void Lines_of_another_run_are_refused_wherever_they_are_pasted()
    {
        Fill(psnr: [30.125, 28.5]);
        string other = _folder["other.jsonl"];
        using (ResultStore store = ResultStore.Open(other, Examples.Configuration(seed: 8)))
            store.Append(Examples.Result("a", "2", "image1", 30));
        string[] lines = File.ReadAllLines(_path);
        string foreign = File.ReadAllLines(other)[1];
        for (int at = 1; at <= lines.Length; at++)
        {
            File.WriteAllLines(_path, [.. lines[..at], foreign, .. lines[at..]]);
            byte[] before = File.ReadAllBytes(_path);

            Assert.That(() => ResultStore.Open(_path, Examples.Configuration()), Refused($"line {at + 1}: a result of another run"));
            Assert.That(File.ReadAllBytes(_path), Is.EqualTo(before));
        }
    }

    [Test]
    public void A_file_of_the_first_format_whose_lines_do_not_tell_their_run_is_refused()
    {
        Fill(psnr: [30.125]);
        string text = File.ReadAllText(_path).Replace("\"version\":2", "\"version\":1", StringComparison.Ordinal);
        File.WriteAllText(_path, System.Text.RegularExpressions.Regex.Replace(text, "\"run\":\"[0-9a-f]{12}\",", ""));

        Assert.That(() => ResultStore.Open(_path, Examples.Configuration()), Refused("format version 1; this is version 2. Move the file away or choose another output"));
    }

    [TestCase("\"NaN\"")]
    [TestCase("\"-Infinity\"")]
    [TestCase("1e999")]
    [TestCase("NaN")]
    [TestCase("null")]
    [TestCase("\"\\ud800\"")]
    public void A_value_that_is_no_number_is_refused(string value)
    {
        Fill(psnr: [30.125, 28.5]);
        File.WriteAllText(_path, File.ReadAllText(_path).Replace("30.125", value, StringComparison.Ordinal));

        Assert.That(() => ResultStore.Open(_path, Examples.Configuration()), Refused("line 2"));
    }

    [Test]
    public void Only_a_psnr_may_be_infinite_and_all_but_psnr_not_measured()
    {
        EvaluationConfiguration configuration = Examples.Configuration() with { Metrics = [new EvaluatedMetric("psnr", "RGB", true), new EvaluatedMetric("ssim", "RGB", true)] };
        using ResultStore store = ResultStore.Open(_path, configuration);
        void Append(double psnr, double ssim) =>
            store.Append(new ResultRecord("a", "1", "image1", new Dictionary<string, double> { ["psnr"] = psnr, ["ssim"] = ssim }));

        Assert.That(() => Append(double.NaN, 1), Throws.ArgumentException.With.Message.Contains("'psnr' is NaN"));
        Assert.That(() => Append(double.NegativeInfinity, 1), Throws.ArgumentException.With.Message.Contains("'psnr' is -Infinity"));
        Assert.That(() => Append(30, double.PositiveInfinity), Throws.ArgumentException.With.Message.Contains("'ssim' is Infinity"));
        Append(double.PositiveInfinity, double.NaN);
        Assert.That(store.Count, Is.EqualTo(1));
    }

    [Test]
    public void The_same_result_cannot_be_appended_twice()
    {
        using ResultStore store = ResultStore.Open(_path, Examples.Configuration());
        store.Append(Examples.Result("a", "1", "image1", 30));

        Assert.That(() => store.Append(Examples.Result("a", "1", "image1", 31)), Throws.InvalidOperationException);
        Assert.That(store.Count, Is.EqualTo(1));
    }

    [Test]
    public void Results_that_the_configuration_does_not_know_are_refused()
    {
        using ResultStore store = ResultStore.InMemory(Examples.Configuration());

        Assert.That(() => store.Append(Examples.Result("a", "99", "image1", 30)), Throws.ArgumentException.With.Message.Contains("task '99'"));
        Assert.That(() => store.Append(Examples.Result("a", "1", "imageX", 30)), Throws.ArgumentException.With.Message.Contains("image 'imageX'"));
        Assert.That(
            () => store.Append(new ResultRecord("a", "1", "image1", new Dictionary<string, double> { ["ssim"] = 1 })),
            Throws.ArgumentException.With.Message.Contains("'psnr'"));
    }

    [Test]
    public void A_file_that_is_in_use_is_not_opened_a_second_time()
    {
        using ResultStore store = ResultStore.Open(_path, Examples.Configuration());

        Assert.That(() => ResultStore.Open(_path, Examples.Configuration()), Throws.InstanceOf<IOException>().With.Message.Contains("results.jsonl"));
    }

    [Test]
    public void Appending_from_many_threads_loses_nothing()
    {
        EvaluationConfiguration configuration = Examples.Configuration(tasks: 20, images: 20);
        using (ResultStore store = ResultStore.Open(_path, configuration))
            Parallel.For(0, 400, i => store.Append(Examples.Result("a", $"{(i / 20) + 1}", $"image{(i % 20) + 1}", i)));

        using ResultStore back = ResultStore.Open(_path, configuration);
        Assert.That(back.TornBytes, Is.Zero);
        Assert.That(back.ToList().Select(r => r.Metrics["psnr"]), Is.EquivalentTo(Enumerable.Range(0, 400).Select(i => (double)i)));
    }

    private static NUnit.Framework.Constraints.IResolveConstraint Refused(string difference) =>
        Throws.TypeOf<EvaluationException>().With.Message.Contains("results.jsonl").And.Message.Contains(difference);

    private void Fill(double[] psnr)
    {
        using ResultStore store = ResultStore.Open(_path, Examples.Configuration());
        for (int i = 0; i < psnr.Length; i++)
            store.Append(Examples.Result("a", "1", $"image{i + 1}", psnr[i]));
    }
}
