using Gir.Imaging;
using static Gir.Degradations.Tests.FrameOperators;

namespace Gir.Degradations.Tests;

public sealed class PipelineRulesTests
{
    [Test]
    public void Weather_after_the_first_position_is_refused_when_built_and_named_with_its_position()
    {
        DegradationException fault = Assert.Throws<DegradationException>(() => _ = new DegradationPipeline([new Shift(), new Shift(), new Sky()], Options))!;
        Assert.That(fault.Message, Does.Contain("operator 3").And.Contain("'sky'").And.Contain("first"));
    }

    [Test]
    public void Weather_may_stand_first() =>
        Assert.That(new DegradationPipeline([new Sky(), new Shift()], Options).UsesDepth, Is.True);

    [Test]
    public void An_empty_pipeline_is_refused() =>
        Assert.That(() => DegradationPipeline.Create().Build(), Throws.TypeOf<DegradationException>().With.Message.Contains("at least one"));

    [Test]
    public void Six_operators_are_refused_unless_allowed()
    {
        IDegradation[] six = [.. Enumerable.Repeat(new Shift(), 6)];
        Assert.That(() => new DegradationPipeline(six, Options), Throws.TypeOf<DegradationException>().With.Message.Contains("at most 5"));
        Assert.That(new DegradationPipeline(six, Options with { MaximumOrder = 6 }).Order, Is.EqualTo(6));
    }

    [Test]
    public void An_operator_outside_the_catalog_is_refused_and_named() =>
        Assert.That(
            () => new DegradationPipeline([new Shift()]),
            Throws.TypeOf<DegradationException>().With.Message.Contains("Operator 1 (shift").And.Message.Contains("catalogue"));

    [TestCase(0)]
    [TestCase(65)]
    public void A_crop_multiple_out_of_range_is_refused(int multiple) =>
        Assert.That(
            () => DegradationPipeline.Create().With(Options).CropToMultiple(multiple).Add("shift").Build(),
            Throws.TypeOf<DegradationException>().With.Message.Contains("1..64"));

    [TestCase(2)]
    [TestCase(4)]
    public void Images_of_other_channel_counts_are_refused(int channels) =>
        Assert.That(
            () => new DegradationPipeline([new Shift()], Options).Apply(new ImageBuffer(channels, 8, 8), 1),
            Throws.TypeOf<DegradationException>().With.Message.Contains($"{channels} channels"));

    [Test]
    public void Parameters_are_checked_where_they_enter() =>
        Assert.That(
            () => new Shift { Levels = 300 },
            Throws.TypeOf<DegradationException>().With.Message.EqualTo("levels = 300: expected a number in -255..255 (levels)."));

    [Test]
    public void Even_values_of_an_odd_parameter_and_numbers_that_are_none_are_refused()
    {
        Assert.That(() => new Shift { Times = 2 }, Throws.TypeOf<DegradationException>());
        Assert.That(() => new Shift { Levels = double.NaN }, Throws.TypeOf<DegradationException>());
        Assert.That(() => new Shift { Mode = (ShiftMode)7 }, Throws.TypeOf<DegradationException>());
    }

    [Test]
    public void A_name_or_type_enters_a_catalog_once() =>
        Assert.That(() => Catalog.With(Shift.Descriptor), Throws.ArgumentException);
}
