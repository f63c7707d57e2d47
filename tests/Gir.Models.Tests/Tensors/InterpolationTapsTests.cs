using Gir.Models.Tensors;

namespace Gir.Models.Tests.Tensors;

/// <summary>Tables that an engine may keep on its device.</summary>
public sealed class InterpolationTapsTests
{
    [Test]
    public void What_is_in_use_together_stays_however_many_sizes_came_before()
    {
        for (int before = 0; before < 200; before++)
        {
            Table(1000 + before);
            (ResamplingTaps rows, ResamplingTaps columns) = (Table(7), Table(9));
            Assert.That(Table(7), Is.SameAs(rows));
            Assert.That(Table(9), Is.SameAs(columns));
        }

        static ResamplingTaps Table(int input) => InterpolationTaps.Create(input, 2 * input, InterpolationMode.Bilinear, alignCorners: false, scale: null);
    }
}
