using System.Numerics.Tensors;
using Gir.Imaging;

namespace Gir.Degradations.Tests;

/// <summary>What an expression, a record or JSON may say, an operator can do.</summary>
public sealed class EveryParameterTests
{
    private static readonly ImageBuffer s_image = TestImages.Random(1, 70, 72);
    private static readonly ImageBuffer s_depth = TestImages.Depth(70, 72);

    private static IEnumerable<string> Names() => DegradationCatalog.All.Select(d => d.Name);

    [TestCaseSource(nameof(Names))]
    public void Every_value_that_is_accepted_can_be_applied(string name)
    {
        DegradationDescriptor descriptor = DegradationCatalog.Find(name);
        foreach (DegradationParameterSet variant in Variants(descriptor))
        {
            foreach (DegradationParameter parameter in descriptor.Parameters)
            {
                foreach (DegradationValue value in Values(parameter).Where(parameter.Accepts))
                    Apply(descriptor.Create(variant.With(parameter.Name, value)), $"{name}, {parameter.Name} = {value}");
            }
        }
    }

    [TestCaseSource(nameof(Names))]
    public void Values_that_are_not_accepted_are_refused_in_expressions_and_in_json(string name)
    {
        DegradationDescriptor descriptor = DegradationCatalog.Find(name);
        string json = new DegradationPipeline([descriptor.Create()]).ToJson();
        foreach (DegradationParameter parameter in descriptor.Parameters.Where(p => p.Choices.Count == 0))
        {
            string written = $"\"{parameter.Name}\":{parameter.Default}";
            Assert.That(json, Does.Contain(written));
            foreach (DegradationValue value in Values(parameter).Where(v => !parameter.Accepts(v)))
            {
                Assert.That(() => DegradationPipeline.Parse($"{name}({parameter.Name}={value})"), Throws.TypeOf<DegradationException>().With.Message.Contains(parameter.Expected));
                if (double.IsFinite(value.Number))
                {
                    Assert.That(
                        () => DegradationPipeline.FromJson(json.Replace(written, $"\"{parameter.Name}\":{value}")),
                        Throws.TypeOf<DegradationException>().With.Message.Contains($"parameters.{parameter.Name}: found {value}, expected"));
                }
            }
        }
    }

    [TestCase("algorithm-artifact(blur=1e-320)", "blur = 1e-320: expected a number in 0.01..10 (pixels), or 0 for none.")]
    [TestCase("rain(length=3)", "length = 3: expected an integer in 5..90 (pixels), or 0 for a draw of 20..40.")]
    [TestCase("rain(width=4)", "width = 4: expected an odd integer in 1..31 (pixels), or 0 for a draw of 3, 5, 7, 9 or 11.")]
    [TestCase("rain(angle=91)", "angle = 91: expected an integer in -90..90 (degrees), or 180 for a draw of -45..44.")]
    public void Gaps_between_a_range_and_a_special_value_are_told(string expression, string message) =>
        Assert.That(() => DegradationPipeline.Parse(expression), Throws.TypeOf<DegradationException>().With.Message.EndsWith(message));

    [Test]
    public void A_special_value_lies_outside_of_the_range()
    {
        DegradationParameter parameter = DegradationParameter.Number("a", 1, 2, "", "A.");
        Assert.That(parameter.Or(0, "none").Accepts(0));
        Assert.That(parameter.Or(0, "none").Accepts(0.5), Is.False);
        Assert.That(() => parameter.Or(1.5, "none"), Throws.InvalidOperationException);
        Assert.That(() => DegradationParameter.Flag("b", "B.").Or(0, "none"), Throws.InvalidOperationException);
    }

    private static void Apply(IDegradation degradation, string what)
    {
        if (degradation.Fault is not null)
            return;
        try
        {
            ImageBuffer result = degradation.Apply(s_image, new DegradationContext(1) { Depth = s_depth });
            Assert.That(TensorPrimitives.IsFiniteAll<float>(result.Samples), what);
        }
        catch (DegradationException exception)
        {
            // Large kernels want larger images; masks, and codecs of other formats, come from programs.
            Assert.That(exception.Message, Does.Contain("image larger").Or.Contain("too small").Or.Contain("needs a mask").Or.Contain("needs masks").Or.Contain("needs a codec"), what);
        }
        catch (Exception exception)
        {
            Assert.Fail($"{what}: {exception}");
        }
    }

    /// <summary>The defaults, and each word of each choice beside the defaults of all else.</summary>
    private static IEnumerable<DegradationParameterSet> Variants(DegradationDescriptor descriptor) =>
        descriptor.Parameters.SelectMany(p => p.Choices.Select(c => DegradationParameterSet.Empty.With(p.Name, c))).Prepend(DegradationParameterSet.Empty);

    private static IEnumerable<DegradationValue> Values(DegradationParameter parameter)
    {
        if (parameter.Choices.Count > 0)
            return parameter.Choices.Select(c => (DegradationValue)c);
        (double least, double most) = (parameter.Minimum, parameter.Maximum);
        double[] values =
        [
            least, most, Math.Floor((least + most) / 2), Math.BitIncrement(least), Math.BitDecrement(most), Math.BitDecrement(least), Math.BitIncrement(most),
            0, -0.0, double.Epsilon, -double.Epsilon, 1e-320, 1e-300, 1e-30, 1e-7, least + 1, most - 1, -1, 1e300,
            double.NaN, double.PositiveInfinity, double.NegativeInfinity, parameter.SpecialValue ?? least,
        ];
        return values.Distinct().Select(v => (DegradationValue)v);
    }
}
