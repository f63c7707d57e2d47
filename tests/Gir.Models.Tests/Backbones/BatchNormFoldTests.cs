using Gir.Imaging.Random;
using Gir.Models.Nn;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;

namespace Gir.Models.Tests.Backbones;

/// <summary>A convolution and the batch normalization after it as one convolution.</summary>
public sealed class BatchNormFoldTests
{
    // Two operators of some rounding each, on values of about 1.
    private const float Rounding = 5e-6f;

    [TestCase(true)]
    [TestCase(false)]
    public void Folded_weights_do_what_both_layers_do(bool bias)
    {
        (Conv2d convolution, BatchNorm2d normalization, Tensor x) = Layers(bias);
        var chain = new Sequential(convolution, normalization, new Function(t => t.Relu()));
        Tensor expected = normalization.Call(convolution.Call(x)).Relu();
        (Tensor weight, Tensor shift) = normalization.Fold(convolution.Weight, convolution.Bias);
        Tensor folded = x.Conv2d(weight, shift, stride: 2, padding: 1).Relu();
        using Tape.NoGradientScope inference = Tape.NoGradient();
        float[] inferred = chain.Call(x).ToArray();
        Assert.That(inferred, Is.EqualTo(folded.ToArray()), "The chain runs the folded convolution.");
        Assert.That(inferred, Is.EqualTo(expected.ToArray()).Within(Rounding));
        Assert.That(inferred, Is.Not.EqualTo(x.Conv2d(convolution.Weight, convolution.Bias, stride: 2, padding: 1).Relu().ToArray()).Within(0.01f));
    }

    [Test]
    public void Training_layers_are_left_as_they_are()
    {
        (Conv2d convolution, BatchNorm2d normalization, Tensor x) = Layers(bias: true);
        normalization.IsTraining = true;
        using Tape.NoGradientScope inference = Tape.NoGradient();
        float[] output = new Sequential(convolution, normalization).Call(x).ToArray();
        // The batch's own statistics: mean 0 before the layer's bias.
        float bias = normalization.StateDictionary().Single(e => e.Key == "bias").Value.ToArray()[0];
        Assert.That(output.Take(output.Length / 4).Average(), Is.EqualTo(bias).Within(1e-4));
    }

    private static (Conv2d Convolution, BatchNorm2d Normalization, Tensor X) Layers(bool bias)
    {
        var random = new PhiloxRandom(3);
        float[] Draw(int count, double center) => [.. Enumerable.Range(0, count).Select(_ => (float)(center + (random.NextDouble() - 0.5)))];
        var convolution = new Conv2d(3, 4, 3, stride: 2, padding: 1, bias: bias, seed: 9);
        var normalization = new BatchNorm2d(4, 1e-4f);
        foreach ((string key, Tensor tensor) in normalization.StateDictionary())
            tensor.Storage.Write(Draw(tensor.Length, key is "weight" or "running_var" ? 1 : 0));
        return (convolution, normalization, Tensor.From(Draw(3 * 9 * 8, 0), [1, 3, 9, 8]));
    }
}
