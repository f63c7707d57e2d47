using Gir.Models.Tensors;

namespace Gir.Models.Tests.Tensors;

[NonParallelizable]
public sealed class MultiplyAddMeterTests
{
    [Test]
    public void Products_are_counted_as_papers_count_them()
    {
        using MultiplyAddMeter meter = MultiplyAddMeter.Start();
        long before = 0;
        long Since()
        {
            long counted = meter.Total - before;
            before = meter.Total;
            return counted;
        }

        Tensor x = Tensor.Ones([2, 8, 10, 12]);
        // Every output sample of a convolution takes input channels x height x width of the kernel.
        x.Conv2d(Tensor.Ones([16, 8, 3, 3]), padding: 1);
        Assert.That(Since(), Is.EqualTo(2L * 16 * 10 * 12 * 8 * 9));
        x.Conv2d(Tensor.Ones([16, 2, 3, 3]), padding: 1, groups: 4);
        Assert.That(Since(), Is.EqualTo(2L * 16 * 10 * 12 * 2 * 9));
        // Of a transposed one every input sample goes into output channels x height x width.
        x.ConvTranspose2d(Tensor.Ones([8, 4, 2, 2]), stride: 2);
        Assert.That(Since(), Is.EqualTo(2L * 8 * 10 * 12 * 4 * 4));
        Tensor.Ones([5, 7, 11]).Linear(Tensor.Ones([13, 11]));
        Assert.That(Since(), Is.EqualTo(5L * 7 * 11 * 13));
        Tensor.Ones([3, 4, 5]).MatMul(Tensor.Ones([3, 5, 6]));
        Assert.That(Since(), Is.EqualTo(3L * 4 * 5 * 6));
        // Scores and what they weigh.
        Tensor q = Tensor.Ones([2, 3, 4, 5]);
        TensorOps.Attention(q, Tensor.Ones([2, 3, 6, 5]), Tensor.Ones([2, 3, 6, 5]), 1);
        Assert.That(Since(), Is.EqualTo(2L * 2 * 3 * 4 * 6 * 5));
        // 8 x 8 tokens of 12 channels, each among the 16 of its window.
        Tensor.Ones([1, 8, 8, 36]).WindowAttention(Tensor.Ones([1, 8, 8, 36]), new AttentionWindows(3, 4, 0, 1));
        Assert.That(Since(), Is.EqualTo(2L * 64 * 16 * 12));
        _ = x + x;
        Assert.That(Since(), Is.Zero);
    }

    [Test]
    public void One_counts_at_a_time_and_after_it_nothing_is_counted()
    {
        MultiplyAddMeter meter = MultiplyAddMeter.Start();
        Assert.That(MultiplyAddMeter.Start, Throws.InvalidOperationException);
        meter.Dispose();
        MultiplyAddMeter.Count(5);
        Assert.That(meter.Total, Is.Zero);
        MultiplyAddMeter.Start().Dispose();
    }
}
