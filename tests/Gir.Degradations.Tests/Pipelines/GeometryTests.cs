using Gir.Imaging;

namespace Gir.Degradations.Tests;

/// <summary>Images, masks, depth, points and boxes go the same way.</summary>
public sealed class GeometryTests
{
    private static IEnumerable<GeometricTransform> Transforms =>
        from height in new[] { 1, 4, 7 }
        from width in new[] { 1, 5, 6 }
        from mirrored in new[] { false, true }
        from turns in Enumerable.Range(0, 4)
        select new GeometricTransform(9, 8, 9 - height, (8 - width) / 2, height, width) { IsMirrored = mirrored, QuarterTurns = turns };

    [Test]
    public void Every_pixel_goes_where_its_point_goes_and_back()
    {
        ImageBuffer numbered = Numbered(9, 8);
        foreach (GeometricTransform transform in Transforms)
        {
            ImageBuffer moved = transform.Apply(numbered);
            Assert.That((moved.Height, moved.Width), Is.EqualTo((transform.Height, transform.Width)));
            int held = 0;
            for (int y = 0; y < 9; y++)
            {
                for (int x = 0; x < 8; x++)
                {
                    (double toX, double toY) = transform.Apply(x, y);
                    Assert.That(transform.Undo(toX, toY), Is.EqualTo(((double)x, (double)y)), $"{transform}");
                    if (!transform.Holds(toX, toY))
                        continue;
                    held++;
                    Assert.That(moved[0, (int)toY, (int)toX], Is.EqualTo(numbered[0, y, x]), $"{transform}");
                }
            }

            Assert.That(held, Is.EqualTo(transform.CropHeight * transform.CropWidth), $"{transform}");
        }
    }

    [Test]
    public void A_box_holds_the_pixels_that_it_held()
    {
        (double Left, double Top, double Right, double Bottom) box = (1.5, 2.5, 4.5, 7.5);
        foreach (GeometricTransform transform in Transforms)
        {
            var expected = new HashSet<(double, double)>();
            for (int y = 3; y <= 7; y++)
            {
                for (int x = 2; x <= 4; x++)
                {
                    (double, double) to = transform.Apply(x, y);
                    if (transform.Holds(to.Item1, to.Item2))
                        expected.Add(to);
                }
            }

            var found = new HashSet<(double, double)>();
            if (transform.Apply(box) is { } moved)
            {
                for (double y = moved.Top + 0.5; y < moved.Bottom; y++)
                {
                    for (double x = moved.Left + 0.5; x < moved.Right; x++)
                        found.Add((x, y));
                }
            }

            Assert.That(found, Is.EquivalentTo(expected), $"{transform}");
        }
    }

    [Test]
    public void Without_a_crop_nothing_changes()
    {
        ImageBuffer image = Numbered(3, 4);
        var transform = new GeometricTransform(3, 4);
        Assert.That(transform.Apply(image).Samples.ToArray(), Is.EqualTo(image.Samples.ToArray()));
        Assert.That(transform.Apply(2.25, 1.5), Is.EqualTo((2.25, 1.5)));
    }

    [Test]
    public void What_is_drawn_depends_on_seed_and_key_alone_and_covers_everything()
    {
        var geometry = new RandomGeometry { CropHeight = 3, CropWidth = 2, TurnProbability = 0.5 };
        GeometricTransform[] drawn = [.. Enumerable.Range(0, 2000).Select(i => geometry.Draw(6, 5, 7, $"{i}"))];
        Assert.That(geometry.Draw(6, 5, 7, "12"), Is.EqualTo(drawn[12]));
        Assert.That(geometry.Draw(6, 5, 8, "12"), Is.Not.EqualTo(drawn[12]).Or.Not.EqualTo(geometry.Draw(6, 5, 9, "12")));
        Assert.That(drawn.Select(d => (d.Top, d.Left)).Distinct().Count(), Is.EqualTo(4 * 4));
        Assert.That(drawn.Count(d => d.IsMirrored), Is.InRange(900, 1100));
        for (int turns = 1; turns < 4; turns++)
            Assert.That(drawn.Count(d => d.QuarterTurns == turns), Is.InRange(260, 410));
    }

    [Test]
    public void Image_and_depth_that_went_along_are_degraded_together()
    {
        ImageBuffer clean = Numbered(16, 16);
        ImageBuffer depth = Numbered(16, 16);
        GeometricTransform transform = new RandomGeometry { CropHeight = 8, CropWidth = 8, MirrorProbability = 1, TurnProbability = 1 }.Draw(16, 16, 1);
        var haze = DegradationPipeline.Parse("haze", DegradationPipelineOptions.Default with { Quantization = Quantization.None });
        ImageBuffer before = transform.Apply(haze.Degrade(clean, 1, "", depth));
        ImageBuffer after = haze.Degrade(transform.Apply(clean), 1, "", transform.Apply(depth));
        // Depth is relative to the largest of what is left, which moves the veil alone: the order of pixels is the same.
        Assert.That(Order(after), Is.EqualTo(Order(before)));

        static int[] Order(ImageBuffer image)
        {
            float[] samples = image.Samples.ToArray();
            int[] order = [.. Enumerable.Range(0, samples.Length)];
            System.Array.Sort(samples, order);
            return order;
        }
    }

    [Test]
    public void What_does_not_fit_is_refused_with_what_was_expected()
    {
        Assert.That(() => new GeometricTransform(4, 4).Apply(Numbered(4, 5)), Throws.TypeOf<DegradationException>().With.Message.Contains("4 x 5").And.Message.Contains("4 x 4"));
        Assert.That(() => new RandomGeometry { CropHeight = 9 }.Draw(8, 8, 1), Throws.TypeOf<DegradationException>().With.Message.Contains("9 x 8"));
        Assert.That(() => new RandomGeometry { MirrorProbability = double.NaN }, Throws.TypeOf<DegradationException>());
        Assert.That(() => new RandomGeometry { CropWidth = 0 }, Throws.TypeOf<DegradationException>());
        Assert.That(() => new GeometricTransform(4, 4, 2, 0, 3, 4), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new GeometricTransform(4, 4) { QuarterTurns = 4 }, Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    /// <summary>Every sample another one.</summary>
    private static ImageBuffer Numbered(int height, int width)
    {
        var image = new ImageBuffer(1, height, width);
        for (int i = 0; i < image.Samples.Length; i++)
            image.Samples[i] = (i + 1) / (float)image.Samples.Length;
        return image;
    }
}
