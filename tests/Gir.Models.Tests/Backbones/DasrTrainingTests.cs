using Gir.Models.Backbones.Dasr;
using Gir.Models.Tensors;

namespace Gir.Models.Tests.Backbones;

/// <summary>DASR's training form: contrast, momentum update, queue.</summary>
public sealed class DasrTrainingTests
{
    [Test]
    public void One_training_step_equals_the_authors()
    {
        ModelGolden golden = ModelGolden.Load("dasr_train_x2");
        var network = (Dasr)ConvolutionalGoldenTests.Load(golden).Module;
        network.IsTraining = true;
        Tensor pair = golden.Read("input");
        pair.RequiresGradient = true;
        int[] image = [pair.Shape[0], pair.Shape[2], pair.Shape[3], pair.Shape[4]];
        (Tensor restored, Tensor logits) = network.Train(pair.Narrow(1, 0, 1).Reshape(image), pair.Narrow(1, 1, 1).Reshape(image));
        golden.AssertOutput(restored, "output");
        golden.AssertOutput(logits, "logits");

        ((restored * golden.Read("w")).Sum() + (logits * golden.Read("w.logits")).Sum()).Backward();
        Dictionary<string, Tensor> leaves = network.NamedParameters().ToDictionary(p => p.Key, p => p.Value);
        leaves["input"] = pair;
        string[] gradients = [.. golden.Data.Names.Where(n => n.StartsWith("grad.", StringComparison.Ordinal))];
        Assert.That(gradients, Is.Not.Empty);
        foreach (string key in gradients)
            Assert.That(golden.Error(leaves[key[5..]].Gradient!, key), Is.LessThanOrEqualTo(golden.GradientTolerance), key);

        Dictionary<string, Tensor> after = network.StateDictionary().ToDictionary(e => e.Key, e => e.Value);
        string[] states = [.. golden.Data.Names.Where(n => n.StartsWith("after.", StringComparison.Ordinal))];
        Assert.That(states, Is.Not.Empty);
        foreach (string key in states)
            golden.AssertOutput(after[key["after.".Length..]], key);
    }

    [Test]
    public void The_contrastive_loss_is_the_cross_entropy_of_class_0()
    {
        Tensor logits = Tensor.From([1, 2, 3, 100, -100, 0], [2, 3]);
        logits.RequiresGradient = true;
        Tensor loss = Dasr.ContrastiveLoss(logits);
        double first = Math.Log(Math.Exp(1) + Math.Exp(2) + Math.Exp(3)) - 1;
        Assert.That(loss.Item(), Is.EqualTo(first / 2).Within(1e-6));
        loss.Backward();
        double sum = Math.Exp(1) + Math.Exp(2) + Math.Exp(3);
        double[] expected = [((Math.Exp(1) / sum) - 1) / 2, Math.Exp(2) / sum / 2, Math.Exp(3) / sum / 2, 0, 0, 0];
        Assert.That(Images.MaxDifference(logits.Gradient!.ToArray(), expected), Is.LessThan(1e-6));
    }

    [Test]
    public void A_batch_that_does_not_divide_the_queue_is_refused()
    {
        var network = new Dasr(new DasrOptions { Features = 8, EncoderWidths = [4, 4, 8], QueueLength = 8, Groups = 1, Blocks = 1, Scale = 1 });
        Tensor batch = Tensor.Ones([3, 3, 8, 8]);
        Assert.That(() => network.Train(batch, batch), Throws.InstanceOf<TensorShapeException>().With.Message.Contains("queue"));
    }
}
