using System.Text.Json;
using Gir.Evaluation.RealWorld;
using Gir.Imaging;
using Gir.Imaging.Codecs;

namespace Gir.Evaluation.Tests.RealWorld;

public sealed class RealWorldEvaluationTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp()
    {
        _folder = new TemporaryFolder();
        Save("real/natural/rain/1.png", 1, 128);
        Save("real/natural/rain/2.jpg", 2, 128);
        Save("real/natural/haze/1.png", 3, 128);
        Save("real/old/1.png", 4, 128);
        Save("real/old/2.png", 5, 24);
        Save("truth/natural/rain/2.png", 2, 128);
    }

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public async Task Types_are_folders_and_metrics_with_a_reference_are_over_images_that_have_one()
    {
        RealWorldSet set = RealWorldSet.Load(_folder["real"], _folder["truth"]);
        Assert.That(set.Types.Select(t => (t.Name, t.Group, t.Images.Count)), Is.EqualTo(new[] { ("natural/haze", "natural", 1), ("natural/rain", "natural", 2), ("old", null, 2) }));

        RealWorldReport report = await RealWorldEvaluation.RunAsync([FakeRestorer.Shift(0.1f)], set);
        Assert.That(report.Types.Select(t => t.References), Is.EqualTo(new[] { 0, 1, 0 }));
        RealWorldResult input = report.Restorers[0];
        RealWorldResult shifted = report.Restorers[1];
        Assert.That((input.Restorer, shifted.Restorer), Is.EqualTo(("input", "shift(0.1)")));
        Assert.That(input.ByType.Select(m => m["psnr"]), Is.EqualTo(new[] { double.NaN, input.ByType[1]["psnr"], double.NaN }));
        Assert.That(input.ByType[1]["psnr"], Is.GreaterThan(25).And.GreaterThan(shifted.ByType[1]["psnr"]));
        Assert.That(report.Average(input, "psnr"), Is.EqualTo(input.ByType[1]["psnr"]));
        // The small image of the second type of "old" cannot be measured by NIQE; the mean is that of the other.
        Assert.That(input.ByType.Select(m => m["niqe"]), Is.All.GreaterThan(0));
        Assert.That(report.Average(input, "niqe", "natural"), Is.EqualTo((input.ByType[0]["niqe"] + input.ByType[1]["niqe"]) / 2).Within(1e-12));
        Assert.That(report.Groups, Is.EqualTo(new[] { "natural" }));

        RealWorldReport threaded = await RealWorldEvaluation.RunAsync([FakeRestorer.Shift(0.1f)], set, new RealWorldOptions { Parallelism = new Parallelism(3) });
        Assert.That(threaded.ToJson(), Is.EqualTo(report.ToJson()));
        using JsonDocument json = JsonDocument.Parse(report.ToJson());
        Assert.That(json.RootElement.GetProperty("restorers")[0].GetProperty("byType")[0].GetProperty("psnr").GetString(), Is.EqualTo("NaN"));
    }

    [Test]
    public async Task What_cannot_be_read_is_left_out_or_ends_the_run()
    {
        File.WriteAllText(_folder["real/old/3.png"], "no image");
        RealWorldSet set = RealWorldSet.Load(_folder["real"]);
        Assert.That(
            async () => await RealWorldEvaluation.RunAsync([], set),
            Throws.TypeOf<EvaluationException>().With.Message.StartsWith("'old/3.png': "));
        var told = new List<string>();
        RealWorldReport report = await RealWorldEvaluation.RunAsync([], set, new RealWorldOptions { LeaveOut = (image, _) => told.Add(image.Name) });
        Assert.That(told, Is.EqualTo(new[] { "3.png" }));
        Assert.That(report.Types[2].Images, Is.EqualTo(2));
    }

    [Test]
    public void A_truth_of_another_size_is_told()
    {
        Save("truth/old/1.png", 4, 64);
        Assert.That(
            async () => await RealWorldEvaluation.RunAsync([], RealWorldSet.Load(_folder["real"], _folder["truth"])),
            Throws.TypeOf<EvaluationException>().With.Message.Contains("expected the same"));
        Save("truth/old/1.bmp", 4, 128);
        Assert.That(() => RealWorldSet.Load(_folder["real"], _folder["truth"]), Throws.TypeOf<EvaluationException>().With.Message.Contains("two images called '1'"));
        Assert.That(() => RealWorldSet.Load(_folder["real/old"]), Throws.TypeOf<EvaluationException>().With.Message.Contains("a folder of images for each type"));
    }

    [Test]
    public void Names_must_be_distinct() => Assert.That(
        async () => await RealWorldEvaluation.RunAsync([FakeRestorer.Identity(), FakeRestorer.Identity()], RealWorldSet.Load(_folder["real"])),
        Throws.ArgumentException.With.Message.Contains("two restorers named 'identity'"));

    private void Save(string name, ulong seed, int size)
    {
        string path = _folder[name];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        ImageFile.Save(path, Images.Gradient(size, size, seed));
    }
}
