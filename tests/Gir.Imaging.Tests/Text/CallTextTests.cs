using Gir.Imaging.Text;

namespace Gir.Imaging.Tests.Text;

public sealed class CallTextTests
{
    [TestCase("median", "median", "")]
    [TestCase("  median  ", "median", "")]
    [TestCase("median()", "median", "")]
    [TestCase("median(size=5)", "median", "size:5")]
    [TestCase(" median ( size = 5 , edge = 1 ) ", "median", "size:5 edge:1")]
    [TestCase("step-by-step(noise=median(size=5, edge=1),blur=nets/a b.pth)", "step-by-step", "noise:median(size=5, edge=1) blur:nets/a b.pth")]
    [TestCase("a(x=1=2)", "a", "x:1=2")]
    public void A_call_has_a_name_and_settings(string text, string name, string settings)
    {
        CallText call = CallText.Parse(text, m => new FormatException(m));
        Assert.That(call.Name, Is.EqualTo(name));
        Assert.That(string.Join(' ', call.Settings.Select(s => $"{s.Key}:{s.Value}")), Is.EqualTo(settings));
    }

    [TestCase("a(x=1", "closing parenthesis")]
    [TestCase("a(x=1) b", "closing parenthesis")]
    [TestCase("a(x=1),b(y=2)", "closing parenthesis")]
    [TestCase("a(x)", "'x' is no setting; expected key=value")]
    [TestCase("a(=1)", "'=1' is no setting")]
    [TestCase("a(x=)", "'x=' is no setting")]
    [TestCase("a(x=1,x=2)", "'x' is given twice")]
    public void A_malformed_call_is_refused(string text, string told) =>
        Assert.That(() => CallText.Parse(text, m => new FormatException(m)), Throws.TypeOf<FormatException>().With.Message.StartsWith($"'{text}': ").And.Message.Contains(told));

    [Test]
    public void Lists_part_outside_parentheses_only() =>
        Assert.That(CallText.Split(" a(x=1,y=2), b ,, c(d(e,f),g)", ','), Is.EqualTo(new[] { "a(x=1,y=2)", "b", "c(d(e,f),g)" }));
}
