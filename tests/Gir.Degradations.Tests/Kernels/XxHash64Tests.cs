using System.Text;
using Gir.Degradations.Kernels;

namespace Gir.Degradations.Tests.Kernels;

public sealed class XxHash64Tests
{
    [TestCase("", 0xEF46DB3751D8E999UL)]
    [TestCase("a", 0xD24EC4F1A98C6E5BUL)]
    [TestCase("abc", 0x44BC2CF5AD770999UL)]
    [TestCase("The quick brown fox jumps over the lazy dog", 0x0B242D361FDA71BCUL)]
    public void Published_answers_hold(string text, ulong expected) =>
        Assert.That(XxHash64.Compute(Encoding.ASCII.GetBytes(text)), Is.EqualTo(expected));
}
