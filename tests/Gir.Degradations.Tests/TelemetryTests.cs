using System.Diagnostics;
using Gir.Imaging;

namespace Gir.Degradations.Tests;

public sealed class TelemetryTests
{
    [Test]
    public void A_pipeline_and_its_operators_are_timed_and_traced()
    {
        using var listening = new Listening("Gir.Degradations");
        DegradationPipeline pipeline = DegradationPipeline.Parse("blur + noise");
        pipeline.Degrade(new ImageBuffer(3, 32, 32), seed: 1);

        Assert.That(listening.Measurements.Select(m => (m.Name, m.Tags)), Is.EqualTo(new[]
        {
            ("gir.degradations.operator.duration", "gir.operator=blur"),
            ("gir.degradations.operator.duration", "gir.operator=noise"),
            ("gir.degradations.pipeline.duration", "gir.order=2"),
        }));
        Activity whole = listening.Activities.Single(a => a.OperationName == "gir.degrade");
        Assert.That(whole.GetTagItem("gir.pipeline"), Is.EqualTo("blur + noise"));
        Assert.That(listening.Activities.Count(a => a.OperationName == "gir.degrade.operator" && a.ParentSpanId == whole.SpanId), Is.EqualTo(2));
    }
}
