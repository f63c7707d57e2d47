using Gir.Imaging;
using Gir.Imaging.Color;
using Gir.Imaging.Filtering;
using Gir.Imaging.Scenes;
using Gir.Metrics.Dimensions;
using Gir.Metrics.FullReference;
using Gir.Metrics.NoReference;
using Gir.Metrics.Quality;

namespace Gir.Metrics.Tests.Quality;

/// <summary>What learned quality models see.</summary>
[TestFixture]
public class QualityFeaturesTests
{
    private static readonly ImageBuffer Scene = SceneGenerator.Create(4, 200, 230).Image.Quantized();
    private static readonly ImageBuffer Blurred = ImageFilter.GaussianBlur(Scene, 9, 1.5).Quantized();

    [Test]
    public void The_features_are_those_of_the_metrics_of_the_same_names()
    {
        IReadOnlyList<string> names = QualityFeatures.Names(QualityFeatureSet.FullReference);
        double[] features = QualityFeatures.Compute(Scene, Blurred);
        Assert.That(names, Has.Count.EqualTo(99).And.Unique);
        Assert.That(features, Has.Length.EqualTo(99).And.All.Matches<double>(double.IsFinite));
        Assert.That(features.AsSpan(36, 36).ToArray(), Is.EqualTo(Brisque.ComputeFeatures(Blurred)));
        foreach (IFullReferenceMetric metric in new IFullReferenceMetric[] { new Psnr(), new Ssim(), new MsSsim(), new Gmsd(), new Vif(), new Fsim(), new Ciede2000(), new DimensionMetric(Dimension.Under), new DimensionMetric(Dimension.Over) })
            Assert.That(Of(metric.Name == "vifp" ? "vif" : metric.Name), Is.EqualTo(metric.Measure(Scene, Blurred).Value), metric.Name);
        Assert.That(Of("edge-gain"), Is.EqualTo(new DimensionMeter().Measure(Scene, Blurred).EdgeGain));
        foreach (INoReferenceMetric metric in new INoReferenceMetric[] { new Entropy(), new Colorfulness() })
            Assert.That(Of(metric.Name), Is.EqualTo(metric.Measure(Blurred).Value), metric.Name);

        double Of(string name) => features[names.Index().First(n => n.Item == name).Index];
    }

    [Test]
    public void Without_a_reference_the_first_features_are_the_same()
    {
        Assert.That(QualityFeatures.Compute(Blurred), Is.EqualTo(QualityFeatures.Compute(Scene, Blurred)[..89]));
        Assert.That(QualityFeatures.Names(QualityFeatureSet.NoReference), Is.EqualTo(QualityFeatures.Names(QualityFeatureSet.FullReference).Take(89)));
    }

    [Test]
    public void Threads_change_no_bit([Values(2, 3, 8)] int threads) =>
        Assert.That(QualityFeatures.Compute(Scene, Blurred, new Parallelism(threads)), Is.EqualTo(QualityFeatures.Compute(Scene, Blurred)));

    [Test]
    public void Equal_images_have_a_bounded_psnr() =>
        Assert.That(QualityFeatures.Compute(Scene, Scene.Clone())[89], Is.EqualTo(60));

    [Test]
    public void Gray_images_are_measured() =>
        Assert.That(QualityFeatures.Compute(Scene.ToGray(), Blurred.ToGray()), Has.Length.EqualTo(99).And.All.Matches<double>(double.IsFinite));

    [Test]
    public void Small_images_are_refused()
    {
        Assert.That(() => QualityFeatures.Compute(new ImageBuffer(3, 95, 200)), Throws.ArgumentException.With.Message.Contains("96 x 96").And.Message.Contains("95 x 200"));
        Assert.That(
            () => QualityFeatures.Compute(new ImageBuffer(3, 160, 200), new ImageBuffer(3, 160, 200)),
            Throws.ArgumentException.With.Message.Contains("161 x 161").And.Message.Contains("160 x 200"));
        Assert.That(() => QualityFeatures.Names((QualityFeatureSet)7), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }
}
