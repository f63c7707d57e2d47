using Gir.Models.Onnx.Recording;

namespace Gir.Models.Tests.Onnx;

public sealed class SizeFitterTests
{
    private static readonly ProbeSize[] s_seen =
        [new(2, 37, 53), new(3, 61, 42), new(2, 84, 97), new(5, 101, 67), new(3, 45, 146), new(4, 130, 75), new(2, 211, 173), new(3, 119, 198), new(2, 232, 35), new(2, 1023, 34), new(3, 35, 645), new(2, 517, 38)];

    private static readonly ProbeSize[] s_unseen = [new(1, 1, 1), new(1, 1000, 777), new(7, 64, 64), new(2, 513, 8)];

    public static IEnumerable<TestCaseData> Formulas()
    {
        yield return Case("constant", s => 12);
        yield return Case("batch", s => 3 * s.Batch);
        yield return Case("enlarged", s => 4 * s.Width);
        yield return Case("pixels", s => s.Height * s.Width);
        yield return Case("shorter", s => s.Height - 4);
        yield return Case("enlarged and longer", s => (2 * s.Height) + 6);
        yield return Case("windows", s => s.Batch * Up(s.Height, 8) / 8 * (Up(s.Width, 8) / 8));
        yield return Case("windows of seven", s => Up(s.Height, 7) / 7);
        yield return Case("half, rounded up", s => (s.Width + 1) / 2);
        yield return Case("missing", s => Up(s.Height, 16) - s.Height);
        yield return Case("part of whole windows, less some", s => (Up(s.Height, 16) / 4) - 3);
        yield return Case("square", s => Side(s));
        yield return Case("square's pixels", s => s.Batch * Side(s) * Side(s) / 64);
        yield return Case("above", s => (Side(s) - s.Height) / 2);
        yield return Case("below", s => Side(s) - s.Height - ((Side(s) - s.Height) / 2));
    }

    [TestCaseSource(nameof(Formulas))]
    public void The_formula_behind_a_number_is_found_and_holds_for_other_sizes(Delegate formulaOfSize)
    {
        var number = (Func<ProbeSize, int>)formulaOfSize;
        SizeFormula? formula = new SizeFitter(s_seen).Fit([.. s_seen.Select(s => (long)number(s))]);
        Assert.That(formula, Is.Not.Null);
        foreach (ProbeSize size in s_unseen)
            Assert.That(formula!.Of(size), Is.EqualTo(number(size)), $"{formula} for {size}");
    }

    [Test]
    public void No_formula_is_made_up()
    {
        var fitter = new SizeFitter(s_seen);
        Assert.That(fitter.Fit([.. s_seen.Select(s => (long)Math.Sqrt(s.Height * s.Width))]), Is.Null);
        Assert.That(fitter.Fit([.. s_seen.Select(s => (long)s.Height % 5)]), Is.Null);
    }

    private static int Up(int size, int multiple) => (size + multiple - 1) / multiple * multiple;

    private static int Side(ProbeSize size) => Up(Math.Max(size.Height, size.Width), 32);

    private static TestCaseData Case(string name, Func<ProbeSize, int> number) => new TestCaseData(number).SetArgDisplayNames(name);
}
