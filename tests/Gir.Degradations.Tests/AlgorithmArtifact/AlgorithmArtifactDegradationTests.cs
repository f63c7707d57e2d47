using Gir.Degradations.AlgorithmArtifact;
using Gir.Imaging;

namespace Gir.Degradations.Tests.AlgorithmArtifact;

[TestFixture]
public sealed class AlgorithmArtifactDegradationTests
{
    private static readonly SafeTensors s_inputs = SafeTensors.Load(Goldens.Synthetic("inputs.safetensors"));
    private static readonly SafeTensors s_golden = SafeTensors.Load(Goldens.Synthetic("richardson_lucy.safetensors"));

    [TestCase("scene03")]
    [TestCase("scene05odd")]
    [TestCase("gray")]
    public void The_default_gives_the_levels_of_the_reference_generator(string scene)
    {
        ImageBuffer result = new AlgorithmArtifactDegradation().Apply(Images.FromGolden(s_inputs, scene), new DegradationContext(1));
        Goldens.AssertSameLevels(result, s_golden.Bytes($"rlRamp.{scene}.u8"));
    }

    [Test]
    [Category(TestData.RealData)]
    public void The_default_gives_the_levels_of_the_reference_generator_on_photographs([Values("kodim03", "kodim05odd", "gray")] string crop)
    {
        SafeTensors golden = SafeTensors.Load(Goldens.Photographs("richardson_lucy.safetensors"));
        ImageBuffer result = Goldens.Degrade(Goldens.Photographs, crop, new AlgorithmArtifactDegradation());
        Goldens.AssertSameLevels(result, golden.Bytes($"rlRamp.{crop}.u8"));
    }

    [TestCase("scene05odd")]
    [TestCase("gray")]
    public void The_default_equals_the_reference_generator_before_rounding(string scene)
    {
        ImageBuffer result = new AlgorithmArtifactDegradation().Apply(Images.FromGolden(s_inputs, scene), new DegradationContext(1));
        Assert.That(Images.MaxDifference(Images.Interleave(result), s_golden.Doubles($"rlRamp.{scene}.f32")), Is.LessThan(1e-6));
    }

    [TestCase("scene05odd")]
    [TestCase("gray")]
    public void The_iteration_itself_equals_the_short_cut(string scene)
    {
        ImageBuffer image = Images.FromGolden(s_inputs, scene);
        var context = new DegradationContext(1);
        var operatorOfDefaults = new AlgorithmArtifactDegradation();
        ImageBuffer iterated = operatorOfDefaults.Deconvolve(image, context);
        double[] expected = System.Array.ConvertAll(operatorOfDefaults.Apply(image, context).Array, v => (double)v);
        Assert.That(Images.MaxDifference(iterated.Samples, expected), Is.LessThan(2e-6), "float32 summation order");
    }

    [Test]
    public void The_result_does_not_depend_on_threads([Values(1, 3)] int channels)
    {
        ImageBuffer image = Patches.Random(channels, 45, 70, 11);
        foreach (AlgorithmArtifactDegradation artifact in new[] { new(), AlgorithmArtifactDegradation.Grainy with { Iterations = 3 } })
            TestImages.AssertThreadsDoNotMatter(artifact, image, null);
    }

    [Test]
    public void Tiny_images_work([Values(1, 2, 3, 8)] int height, [Values(1, 2, 5)] int width)
    {
        ImageBuffer image = Patches.Random(3, height, width, 11);
        var context = new DegradationContext(1);
        var operatorOfDefaults = new AlgorithmArtifactDegradation();
        double[] expected = System.Array.ConvertAll(operatorOfDefaults.Deconvolve(image, context).Array, v => (double)v);
        Assert.That(Images.MaxDifference(operatorOfDefaults.Apply(image, context).Samples, expected), Is.LessThan(2e-6));
        ImageBuffer grainy = AlgorithmArtifactDegradation.Grainy.Apply(image, context);
        Assert.That(grainy.HasShapeOf(image), Is.True);
        Assert.That(grainy.Samples.ToArray(), Is.All.InRange(-1f, 1f));
    }

    [Test]
    public void The_grainy_preset_amplifies_noise()
    {
        var flat = new ImageBuffer(1, 64, 64);
        flat.Samples.Fill(0.5f);
        ImageBuffer result = AlgorithmArtifactDegradation.Grainy.Apply(flat, new DegradationContext(3));
        double variance = 0;
        for (int y = 16; y < 48; y++)
        {
            for (int x = 16; x < 48; x++)
                variance += Math.Pow(result[0, y, x] - 0.5, 2) / (32 * 32);
        }

        // Noise of 5 levels went in.
        Assert.That(255 * Math.Sqrt(variance), Is.GreaterThan(8));
    }

    [Test]
    public void The_random_operator_is_the_representative_one()
    {
        IDegradation drawn = AlgorithmArtifactDegradation.Descriptor.Sample(new Gir.Imaging.Random.PhiloxRandom(5));
        Assert.That(drawn, Is.EqualTo(new AlgorithmArtifactDegradation()));
    }

    [Test]
    public void Parameters_out_of_range_are_refused_by_name()
    {
        Assert.That(() => new AlgorithmArtifactDegradation { Iterations = 0 }, Throws.TypeOf<DegradationException>().With.Message.Contains("iterations"));
        Assert.That(() => new AlgorithmArtifactDegradation { Size = 4 }, Throws.TypeOf<DegradationException>().With.Message.Contains("odd"));
    }
}
