using Gir.Degradations.Blur;
using Gir.Degradations.Noise;
using Gir.Degradations.Ringing;
using Gir.Imaging;

namespace Gir.Degradations.Tests.Pipelines;

public sealed class RandomPipelineTests
{
    private const int Draws = 4000;

    [TestCase("noise?0.3", "noise?0.3")]
    [TestCase(" ( blur | ringing ( omega = 1 ) ) ", "(blur | ringing(omega=1))")]
    [TestCase("2 of(blur|noise|resize)?0.25", "2 of (blur | noise | resize)?0.25")]
    [TestCase("1 - 2 of (noise | compression)", "1-2 of (noise | compression)")]
    [TestCase("(haze | rain | blur) + noise + (blur)?.5", "(haze | rain | blur) + noise + blur?0.5")]
    [TestCase("2 of (snow | blur | noise) ? 0", "2 of (snow | blur | noise)?0")]
    public void Expressions_and_json_are_read_back(string text, string canonical)
    {
        RandomPipeline pipeline = RandomPipeline.Parse(text);
        Assert.That(pipeline.ToExpression(), Is.EqualTo(canonical));
        Assert.That(RandomPipeline.Parse(canonical).ToJson(), Is.EqualTo(pipeline.ToJson()));
        Assert.That(RandomPipeline.FromJson(pipeline.ToJson()).ToJson(), Is.EqualTo(pipeline.ToJson()));
    }

    [TestCase("", "Column 1: found the end")]
    [TestCase("noise?", "Column 7: found the end, expected a probability in 0..1.")]
    [TestCase("noise?1.5", "Column 7: found '1', expected a probability in 0..1.")]
    [TestCase("noise?-1", "Column 7: found '-', expected a probability in 0..1.")]
    [TestCase("(noise | )", "Column 10: found ')'")]
    [TestCase("(noise", "Column 7: found the end, expected '|' or ')'.")]
    [TestCase("3 of (noise | blur)", "Column 1: 3..3 of 2 operators: expected 1..2")]
    [TestCase("2-1 of (noise | blur)", "Column 1: 2..1 of 2 operators")]
    [TestCase("0 of (noise | blur)", "Column 1: 0..0 of 2 operators")]
    [TestCase("2 off (noise | blur)", "Column 3: expected 'of'")]
    [TestCase("99999999999 of (noise)", "Column 1: found '9', expected a number of operators.")]
    [TestCase("2 of noise", "Column 6: found 'n', expected '('")]
    [TestCase("noise + (blur | rain)", "Column 17: operator 2 is 'rain'")]
    [TestCase("2 of (noise | rain)", "step 1 may put 'rain' after another operator")]
    [TestCase("noise + 3 of (blur | noise | resize) + 2 of (blur | noise)", "as many as 6 may be drawn")]
    [TestCase("noise(sigma=1e9)", "Column 13: noise: sigma = 1e9")]
    public void Faults_are_told_with_their_column(string text, string message) =>
        Assert.That(() => RandomPipeline.Parse(text), Throws.TypeOf<DegradationException>().With.Message.Contains(message));

    [TestCase("\"probability\":1", "\"probability\":1.5", "$.steps[0]: probability = 1.5")]
    [TestCase("\"least\":1", "\"least\":0", "$.steps[0].least")]
    [TestCase("\"most\":1", "\"most\":2", "$.steps[0]: 1..2 of 1 operators")]
    [TestCase("\"name\":\"noise\"", "\"name\":\"nois\"", "$.steps[0].choices[0].name")]
    public void Faults_of_json_are_told_with_their_path(string found, string replaced, string message)
    {
        string json = RandomPipeline.Parse("noise").ToJson();
        Assert.That(json, Does.Contain(found));
        Assert.That(() => RandomPipeline.FromJson(json.Replace(found, replaced)), Throws.TypeOf<DegradationException>().With.Message.Contains(message));
    }

    [Test]
    public void Steps_come_as_often_as_their_probability_says()
    {
        RandomPipeline pipeline = RandomPipeline.Parse("noise?0.3 + (blur | ringing)?0.5");
        int noise = 0, blur = 0, ringing = 0, nothing = 0, both = 0;
        for (ulong seed = 0; seed < Draws; seed++)
        {
            IReadOnlyList<IDegradation> drawn = pipeline.Draw(seed)?.Operators ?? [];
            noise += drawn.OfType<NoiseDegradation>().Count();
            blur += drawn.OfType<BlurDegradation>().Count();
            ringing += drawn.OfType<RingingDegradation>().Count();
            nothing += drawn.Count == 0 ? 1 : 0;
            both += drawn.Count == 2 ? 1 : 0;
        }

        // Four standard deviations of a count are at most 4 sqrt(4000 / 4) = 126.
        Assert.That(noise, Is.EqualTo(0.3 * Draws).Within(126));
        Assert.That(blur, Is.EqualTo(0.25 * Draws).Within(126));
        Assert.That(ringing, Is.EqualTo(0.25 * Draws).Within(126));
        Assert.That(nothing, Is.EqualTo(0.35 * Draws).Within(126));
        Assert.That(both, Is.EqualTo(0.15 * Draws).Within(126));
    }

    [Test]
    public void Some_of_several_are_drawn_without_repetition_in_their_order_each_choice_as_often()
    {
        RandomPipeline pipeline = RandomPipeline.Parse("1-3 of (haze | blur | noise | resize)");
        var counts = new Dictionary<string, int>();
        for (ulong seed = 0; seed < Draws; seed++)
        {
            string drawn = pipeline.Draw(seed, "a")!.ToExpression();
            counts[drawn] = counts.GetValueOrDefault(drawn) + 1;
        }

        Assert.That(counts, Has.Count.EqualTo(4 + 6 + 4));
        foreach ((string drawn, int count) in counts)
        {
            string[] names = drawn.Split(" + ");
            Assert.That(names, Is.EqualTo(new[] { "haze", "blur", "noise", "resize" }.Where(names.Contains)));
            Assert.That(count, Is.EqualTo(Draws / 3.0 / (names.Length == 2 ? 6 : 4)).Within(75), drawn);
        }
    }

    [Test]
    public void The_record_of_a_drawn_pipeline_replays_and_draws_depend_on_seed_and_key()
    {
        RandomPipeline pipeline = RandomPipeline.Parse("rain?0.5 + (blur | noise) + compression?0.5");
        ImageBuffer image = TestImages.Random(3, 40, 44);
        string[] drawn = new string[100];
        for (int i = 0; i < drawn.Length; i++)
        {
            DegradationPipeline one = pipeline.Draw(7, $"{i}")!;
            Assert.That(pipeline.Draw(7, $"{i}")!.ToJson(), Is.EqualTo(one.ToJson()));
            drawn[i] = one.ToExpression();
            DegradationResult result = one.Apply(image, 7, $"{i}");
            Assert.That(DegradationRecord.FromJson(result.Record.ToJson()).Replay(image).Array, Is.EqualTo(result.Image.Array));
        }

        Assert.That(drawn.Distinct().Count(), Is.EqualTo(8));
    }

    [Test]
    public void Steps_are_built_in_code()
    {
        var pipeline = new RandomPipeline(
            [RandomStep.Of(new BlurDegradation(), 0.5), RandomStep.OneOf([new NoiseDegradation(), new RingingDegradation()]), RandomStep.SomeOf(1, 2, [new BlurDegradation { Sigma = 1 }, new NoiseDegradation()])]);
        Assert.That(pipeline.ToExpression(), Is.EqualTo("blur?0.5 + (noise | ringing) + 1-2 of (blur(sigma=1) | noise)"));
        Assert.That(() => new RandomPipeline([]), Throws.TypeOf<DegradationException>());
        Assert.That(() => RandomStep.Of(new BlurDegradation(), double.NaN), Throws.TypeOf<DegradationException>());
        Assert.That(() => RandomStep.OneOf([]), Throws.TypeOf<DegradationException>());
    }
}
