using Gir.Imaging;
using Gir.Imaging.Random;
using static Gir.Degradations.Tests.FrameOperators;

namespace Gir.Degradations.Tests;

public sealed class DegradationRecordTests
{
    private static readonly DegradationPipeline s_pipeline =
        DegradationPipeline.Parse("sky + scatter + shift(levels=2.5) + scatter", Options with { CropMultiple = 4, Quantization = Quantization.Last });

    [Test]
    public void A_record_survives_json_and_replays_every_pixel()
    {
        (ImageBuffer clean, ImageBuffer depth) = (Noise(3, 17, 22, 1), Noise(1, 17, 22, 2));
        DegradationResult result = s_pipeline.Apply(clean, ulong.MaxValue, "dir/naïve \"key\"\n", depth);
        string json = result.Record.ToJson();
        DegradationRecord record = DegradationRecord.FromJson(json, Catalog);
        Assert.That(json, Does.Not.Contain('\n'));
        Assert.That(record.ToJson(), Is.EqualTo(json));
        Assert.That(record.Replay(clean, depth).Array, Is.EqualTo(result.Image.Array));
        Assert.That(result.Image.ToString(), Is.EqualTo("3 x 16 x 20"));
    }

    [Test]
    public void What_was_done_to_one_image_is_done_to_another()
    {
        (ImageBuffer first, ImageBuffer second) = (Noise(3, 40, 44, 1), Noise(3, 40, 44, 2));
        DegradationRecord record = DegradationPipeline.Parse("rain + damage + noise").Apply(first, 5, "a").Record;
        DegradationResult other = record.ApplyTo(second);
        Assert.That(other.Record.Steps.SelectMany(s => s.Drawn), Is.EqualTo(record.Steps.SelectMany(s => s.Drawn)));
        Assert.That(other.Record.Replay(second).Array, Is.EqualTo(other.Image.Array));
        Assert.That(record.ApplyTo(first).Record.OutputHash, Is.EqualTo(record.OutputHash));
        Assert.That(() => record.ApplyTo(Noise(3, 40, 45, 2)), Throws.TypeOf<DegradationException>().With.Message.Contains("40 x 45").And.Message.Contains("40 x 44"));
    }

    [Test]
    public void Draws_and_seeds_are_told()
    {
        DegradationRecord record = s_pipeline.Apply(Noise(1, 8, 8, 1), 5, "a", Noise(1, 2, 2, 2)).Record;
        Assert.That(record.Steps.Select(s => s.Drawn.Count), Is.EqualTo(new[] { 0, 1, 0, 1 }));
        Assert.That(record.Steps[1].Drawn[0].Key, Is.EqualTo("strength"));
        Assert.That(record.Steps[1].Drawn[0].Value, Is.EqualTo(new PhiloxRandom(record.Steps[1].Seed).NextUniform(0.1, 0.5)));
        Assert.That(record.Steps[3].Seed, Is.EqualTo(Philox4x32.DeriveSeed(Philox4x32.DeriveSeed(5, "a"), 3)));
        Assert.That(record.Depth, Is.EqualTo(new DegradationDepthRecord("given", 2, 2, record.Depth!.Hash)));
    }

    [Test]
    public void Another_image_or_depth_is_refused()
    {
        (ImageBuffer clean, ImageBuffer depth) = (Noise(3, 8, 8, 1), Noise(1, 8, 8, 2));
        DegradationRecord record = s_pipeline.Apply(clean, 1, "", depth).Record;
        Assert.That(() => record.Replay(Noise(3, 8, 8, 9), depth), Throws.TypeOf<DegradationException>().With.Message.Contains("clean image"));
        Assert.That(() => record.Replay(Noise(3, 8, 9, 1), depth), Throws.TypeOf<DegradationException>().With.Message.Contains("3 x 8 x 9"));
        Assert.That(() => record.Replay(clean, Noise(1, 8, 8, 9)), Throws.TypeOf<DegradationException>().With.Message.Contains("depth map"));
    }

    [Test]
    public void Damaged_records_never_crash()
    {
        string json = s_pipeline.Apply(Noise(3, 8, 8, 1), 1, "key", Noise(1, 8, 8, 2)).Record.ToJson();
        var random = new PhiloxRandom(7);
        int refused = 0;
        for (int trial = 0; trial < 2000; trial++)
        {
            char[] text = json.ToCharArray();
            for (int edits = random.NextInteger(1, 3); edits > 0; edits--)
                text[random.NextInteger(0, text.Length - 1)] = (char)random.NextInteger(32, 126);
            string damaged = new string(text)[..random.NextInteger(random.NextBoolean() ? json.Length : 0, json.Length)];
            try
            {
                _ = DegradationRecord.FromJson(damaged, Catalog);
            }
            catch (DegradationException)
            {
                refused++;
            }
        }

        Assert.That(refused, Is.GreaterThan(1000));
    }

    [TestCase("\"seed\":\"1\"", "\"seed\":\"2\"", "$.steps[0].seed")]
    [TestCase("\"seed\":\"1\"", "\"seed\":\"18446744073709551616\"", "$.seed")]
    [TestCase("\"channels\":3", "\"channels\":4", "$.input.channels")]
    [TestCase("\"version\":1", "\"version\":2", "$.version")]
    [TestCase("xxh64:", "xxh32:", "$.input.hash")]
    [TestCase("\"steps\":[", "\"steps\":[{},", "$.steps")]
    [TestCase("[\"strength\",", "[\"strength\",1,", "$.steps[1].drawn[0]")]
    public void Faults_of_a_record_are_told_with_their_path(string old, string replacement, string path)
    {
        string json = s_pipeline.Apply(Noise(3, 8, 8, 1), 1, "key", Noise(1, 8, 8, 2)).Record.ToJson();
        string damaged = json.Replace(old, replacement, StringComparison.Ordinal);
        Assert.That(damaged, Is.Not.EqualTo(json));
        Assert.That(() => DegradationRecord.FromJson(damaged, Catalog), Throws.TypeOf<DegradationException>().With.Message.StartsWith(path + ": "));
    }

    private static ImageBuffer Noise(int channels, int height, int width, ulong seed)
    {
        var random = new PhiloxRandom(seed);
        var image = new ImageBuffer(channels, height, width);
        foreach (ref float sample in image.Samples)
            sample = (float)random.NextDouble();
        return image;
    }
}
