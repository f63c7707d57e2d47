using Gir.Degradations.Tasks;

namespace Gir.Degradations.Tests.Tasks;

public sealed class ParameterSweepTests
{
    [Test]
    public void A_range_includes_its_end_and_begins_where_the_operator_does()
    {
        ParameterSweep sweep = ParameterSweep.Parse("blur.sigma=0..4:0.5");
        Assert.That(sweep.Steps.Select(s => s.Value.Number), Is.EqualTo(new[] { 0.01, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4 }));
        Assert.That(sweep.Steps[2].Task.Id, Is.EqualTo("blur.sigma=1"));
        Assert.That(sweep.Steps[2].Task.Pipeline.ToExpression(), Is.EqualTo("blur(sigma=1)"));
        Assert.That((sweep.Target, sweep.Operator, sweep.Parameter.Unit), Is.EqualTo(("blur.sigma", "blur", "pixels")));
        Assert.That(ParameterSweep.Parse("noise.sigma=0.1..0.7:0.1").Steps.Select(s => s.Value.Number), Is.EqualTo(new[] { 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7 }));
        Assert.That(ParameterSweep.Parse("compression.quality=90..30:-20").Steps.Select(s => s.Value.Number), Is.EqualTo(new[] { 90.0, 70, 50, 30 }));
    }

    [Test]
    public void Other_parameters_and_other_operators_stay()
    {
        ParameterSweep sweep = ParameterSweep.Parse("haze(beta=2.5) + blur(size=31, sigma=1.5).sigma = 1, 2.5");
        Assert.That(sweep.Steps.Select(s => s.Task.Pipeline.ToExpression()), Is.EqualTo(new[] { "haze(beta=2.5) + blur(size=31, sigma=1)", "haze(beta=2.5) + blur(size=31, sigma=2.5)" }));
        Assert.That(ParameterSweep.Parse("noise.kind=gaussian,poisson").Steps.Select(s => s.Value.Word), Is.EqualTo(new[] { "gaussian", "poisson" }));
    }

    [TestCase("blur", "expected OPERATOR.PARAMETER")]
    [TestCase("blur.sigma", "expected OPERATOR.PARAMETER")]
    [TestCase("blur(sigma=1.5)", "expected OPERATOR.PARAMETER")]
    [TestCase("blur.sigma=1..2", "expected OPERATOR.PARAMETER")]
    [TestCase("blur.sigma=1..2:0", "of 1..1000 values")]
    [TestCase("blur.sigma=2..1:1", "of 1..1000 values")]
    [TestCase("blur.sigma=0..100:0.001", "of 1..1000 values")]
    [TestCase("blur.sigma=-1..1:1", "sigma = -1: expected a number in 0.01..100")]
    [TestCase("blur.size=3..7:1", "size = 4: expected an odd integer")]
    [TestCase("blur.sigma=1,1", "named twice")]
    [TestCase("blur.sigma=1,", "expected OPERATOR.PARAMETER")]
    [TestCase("blur.sigma=wide", "sigma = wide: expected a number")]
    [TestCase("blur.sigmas=1", "blur has no parameter 'sigmas'")]
    [TestCase("blurr.sigma=1", "no operator 'blurr'")]
    [TestCase("blur.sigma=NaN..2:1", "of 1..1000 values")]
    public void What_is_no_sweep_is_refused(string text, string message) =>
        Assert.That(() => ParameterSweep.Parse(text), Throws.TypeOf<DegradationException>().With.Message.Contains(message));
}
