using FsCheck;
using FsCheck.Fluent;
using Gir.Imaging.Random;
using static Gir.Degradations.Tests.FrameOperators;

namespace Gir.Degradations.Tests;

[OnePass]
public sealed class PipelineExpressionTests
{
    [Test]
    public void Operators_and_parameters_are_read_in_order()
    {
        DegradationPipeline pipeline = DegradationPipeline.Parse(" sky+ shift ( levels = -1.5e1 ,times=3, mode=twice-over,down=true) + scatter()", Options);
        Assert.That(pipeline.Operators, Is.EqualTo(new IDegradation[]
        {
            new Sky(), new Shift { Levels = -15, Times = 3, Mode = ShiftMode.TwiceOver, Down = true }, new Scatter(),
        }));
    }

    [Test]
    public void Defaults_are_left_out_of_the_text() =>
        Assert.That(
            new DegradationPipeline([new Shift(), new Shift { Down = true, Times = 5 }], Options).ToExpression(),
            Is.EqualTo("shift + shift(times=5, down=true)"));

    [Test]
    public void Text_and_json_round_trip() => Prop.ForAll<ulong>(RoundTrips).QuickCheckThrowOnFailure();

    [Test]
    public void Any_text_is_read_or_refused_clearly() => Prop.ForAll<string?>(IsReadOrRefused).QuickCheckThrowOnFailure();

    private static bool RoundTrips(ulong seed)
    {
        DegradationPipeline pipeline = Draw(seed);
        DegradationPipeline fromText = DegradationPipeline.Parse(pipeline.ToExpression(), pipeline.Options);
        DegradationPipeline fromJson = DegradationPipeline.FromJson(pipeline.ToJson(), Catalog);
        return fromText.Operators.SequenceEqual(pipeline.Operators) && fromJson.Operators.SequenceEqual(pipeline.Operators)
            && fromJson.Options == pipeline.Options;
    }

    [TestCase("", 1, "the end", "operator")]
    [TestCase("shift + ", 9, "the end", "operator")]
    [TestCase("shift scatter", 7, "'s'", "'+'")]
    [TestCase("shift + shfit", 9, "'shfit'", "did you mean 'shift'?")]
    [TestCase("shift(level=3)", 7, "'level'", "did you mean 'levels'?")]
    [TestCase("shift(levels=300)", 14, "300", "-255..255")]
    [TestCase("shift(levels=NaN)", 14, "NaN", "a number")]
    [TestCase("shift(levels=)", 14, "')'", "value")]
    [TestCase("shift(levels 3)", 14, "'3'", "'='")]
    [TestCase("shift(levels=3", 15, "the end", "')'")]
    [TestCase("shift(levels=3 times=1)", 16, "'t'", "','")]
    [TestCase("shift(levels=3, levels=4)", 17, "'levels'", "twice")]
    [TestCase("shift(times=2)", 13, "2", "an odd integer in 1..9")]
    [TestCase("shift(mode=thrice)", 12, "thrice", "plain, twice-over")]
    [TestCase("scatter(x=1)", 9, "'x'", "expected none")]
    [TestCase("shift + sky", 9, "'sky'", "first")]
    [TestCase("shift+shift+shift+shift+shift+shift", 31, "operator 6", "at most 5")]
    public void Errors_tell_column_finding_and_expectation(string text, int column, string found, string expected)
    {
        DegradationException fault = Assert.Throws<DegradationException>(() => DegradationPipeline.Parse(text, Options))!;
        Assert.That(fault.Message, Does.StartWith($"Column {column}: ").And.Contain(found).And.Contain(expected));
    }

    private static bool IsReadOrRefused(string? text)
    {
        try
        {
            _ = DegradationPipeline.Parse(text ?? "", Options);
            return true;
        }
        catch (DegradationException exception)
        {
            return exception.Message.StartsWith("Column ", StringComparison.Ordinal);
        }
    }

    private static DegradationPipeline Draw(ulong seed)
    {
        var random = new PhiloxRandom(seed);
        var options = new DegradationPipelineOptions
        {
            Catalog = Catalog,
            CropMultiple = random.NextInteger(1, 4),
            Quantization = (Quantization)random.NextInteger(0, 2),
            MaximumOrder = random.NextInteger(5, 9),
        };
        var steps = new List<IDegradation>();
        for (int length = random.NextInteger(1, 5); steps.Count < length;)
        {
            DegradationDescriptor descriptor = Catalog.Descriptors[random.NextInteger(0, Catalog.Descriptors.Count - 1)];
            if (steps.Count == 0 || !descriptor.IsWeather)
                steps.Add(descriptor.Sample(random));
        }

        return new DegradationPipeline(steps, options);
    }
}
