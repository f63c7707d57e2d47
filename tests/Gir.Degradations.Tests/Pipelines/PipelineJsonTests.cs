using static Gir.Degradations.Tests.FrameOperators;

namespace Gir.Degradations.Tests;

public sealed class PipelineJsonTests
{
    private const string Valid =
        """{"quantization":"last","cropMultiple":4,"maximumOrder":5,"operators":[{"name":"sky","parameters":{}},{"name":"shift","parameters":{"levels":3,"down":true}}]}""";

    [Test]
    public void Valid_json_is_read()
    {
        DegradationPipeline pipeline = DegradationPipeline.FromJson(Valid, Catalog);
        Assert.That(pipeline.Quantization, Is.EqualTo(Quantization.Last));
        Assert.That(pipeline.Options.CropMultiple, Is.EqualTo(4));
        Assert.That(pipeline.Operators, Is.EqualTo(new IDegradation[] { new Sky(), new Shift { Levels = 3, Down = true } }));
    }

    [Test]
    public void All_parameters_are_written() =>
        Assert.That(
            new DegradationPipeline([new Shift()], Options).ToJson(),
            Is.EqualTo("""{"quantization":"each","cropMultiple":1,"maximumOrder":5,"operators":[{"name":"shift","parameters":{"levels":0.4,"times":1,"mode":"plain","down":false}}]}"""));

    [TestCase("\"last\"", "\"lats\"", "$.quantization", "did you mean 'last'?")]
    [TestCase("\"last\"", "7", "$.quantization", "a string")]
    [TestCase("\"cropMultiple\":4", "\"cropMultiple\":0", "$.cropMultiple", "1..64")]
    [TestCase("\"cropMultiple\":4", "\"cropMultiple\":1e99", "$.cropMultiple", "1..64")]
    [TestCase("\"cropMultiple\":4,", "", "$", "'cropMultiple' is missing")]
    [TestCase("\"cropMultiple\":4", "\"cropMultiple\":4,\"cropMultiple\":4", "$", "twice")]
    [TestCase("\"cropMultiple\"", "\"color\":1,\"cropMultiple\"", "$", "unknown property 'color'")]
    [TestCase("\"shift\"", "\"shfit\"", "$.operators[1].name", "did you mean 'shift'?")]
    [TestCase("\"levels\":3", "\"levels\":300", "$.operators[1].parameters.levels", "-255..255")]
    [TestCase("\"levels\":3", "\"levels\":1e999", "$.operators[1].parameters.levels", "finite")]
    [TestCase("\"levels\":3", "\"levels\":[3]", "$.operators[1].parameters.levels", "a number")]
    [TestCase("\"levels\":3", "\"level\":3", "$.operators[1].parameters", "did you mean 'levels'?")]
    [TestCase("\"down\":true", "\"down\":1", "$.operators[1].parameters.down", "false, true")]
    [TestCase("\"name\":\"sky\"", "\"name\":\"shift\"", "", "")]
    [TestCase("[{\"name\":\"sky\",\"parameters\":{}},", "[{\"name\":\"shift\",\"parameters\":{}},{\"name\":\"sky\",\"parameters\":{}},", "$.operators", "operator 2 is 'sky'")]
    public void Errors_tell_the_path_and_the_expectation(string old, string replacement, string path, string expected)
    {
        string json = Valid.Replace(old, replacement, StringComparison.Ordinal);
        Assert.That(json, Is.Not.EqualTo(Valid));
        if (path.Length == 0)
        {
            Assert.That(DegradationPipeline.FromJson(json, Catalog).Order, Is.EqualTo(2));
            return;
        }

        DegradationException fault = Assert.Throws<DegradationException>(() => DegradationPipeline.FromJson(json, Catalog))!;
        Assert.That(fault.Message, Does.StartWith(path + ": ").And.Contain(expected));
    }

    [TestCase("")]
    [TestCase("{")]
    [TestCase("[]")]
    [TestCase("null")]
    [TestCase("{\"operators\":\"\\ud800\"}")]
    [TestCase("{\"\\ud800\":1}")]
    [TestCase("{\"operators\":fal\nse}")]
    [TestCase("{\"line\\nbreak\":1}")]
    public void Other_text_is_refused(string json) => AssertRefusedInOneLine(json);

    // Not as a test case: runners cannot write its name down.
    [Test]
    public void Text_that_is_no_unicode_is_refused() => AssertRefusedInOneLine("{\"operators\":\"\ud800\"}");

    private static void AssertRefusedInOneLine(string json) => Assert.That(
        () => DegradationPipeline.FromJson(json, Catalog), Throws.TypeOf<DegradationException>().With.Message.Not.Contain("\n"));
}
