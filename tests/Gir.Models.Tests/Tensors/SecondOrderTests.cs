using Gir.Models.Backbones.StyleGan2;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;
using Gir.Models.Tensors.Backends.Cpu;

namespace Gir.Models.Tests.Tensors;

/// <summary>Gradients of gradients: every operator has them, checked against differences in double, or says by name that it has none.</summary>
public sealed class SecondOrderTests
{
    private static readonly string[] s_refused =
        ["softmax", "max", "layer_norm", "layer_norm2d", "instance_norm", "group_norm", "bias_free_layer_norm2d", "simple_gate", "gather_rows", "max_pool2d", "pad2d by repetition"];

    private static IReadOnlyList<OperatorCase> Cases => OperatorCases.All;

    [TestCaseSource(nameof(Cases))]
    public void Second_derivatives_equal_differences(object operation)
    {
        const double Step = 1e-5;
        var which = (OperatorCase)operation;
        var backend = new ScalarBackend();
        OperatorRun run = Run(null);
        float[][] directions = [.. run.Leaves.Select((l, i) => new Draw(300 + (ulong)i, false).Values(l.Length))];
        Tensor sum;
        try
        {
            sum = Slope(run);
        }
        catch (NotSupportedException refused)
        {
            Assert.That(s_refused.Any(r => refused.Message.StartsWith($"gradients: found '{r}'", StringComparison.Ordinal)), refused.Message);
            return;
        }

        if (sum.IsTracked)
            sum.Backward();
        double actual = 0;
        double scale = 1e-3;
        for (int i = 0; i < run.Leaves.Length; i++)
        {
            for (int j = 0; j < directions[i].Length && run.Leaves[i].Gradient is { } gradient; j++)
            {
                double part = ScalarBackend.Of(gradient)[j] * directions[i][j];
                actual += part;
                scale += Math.Abs(part);
            }
        }

        double expected = (Moved(Step) - Moved(-Step)) / (2 * Step);
        Assert.That(actual, Is.EqualTo(expected).Within(1e-5 * scale), $"{which}");

        OperatorRun Run(Action<Tensor[]>? change) => new(which, 11, false, backend, change);

        // The derivative of the weighted output along the directions.
        Tensor Slope(OperatorRun at)
        {
            Tensor[] gradients = Tape.Gradients(at.Output * at.Weights, at.Leaves);
            Tensor total = Tensor.Zeros([], backend);
            for (int i = 0; i < gradients.Length; i++)
                total += (gradients[i] * Tensor.From(directions[i], gradients[i].Shape, backend)).Sum();
            return total;
        }

        double Moved(double by) => ScalarBackend.Of(Slope(Run(leaves =>
        {
            for (int i = 0; i < leaves.Length; i++)
            {
                for (int j = 0; j < directions[i].Length; j++)
                    ScalarBackend.Of(leaves[i])[j] += by * directions[i][j];
            }
        })))[0];
    }

    [Test]
    public void Gradients_are_those_of_Backward_and_leave_leaves_alone()
    {
        Tensor x = Tensor.From([1, -2, 3, 4], [1, 1, 2, 2]);
        Tensor weight = Tensor.From([0.5f, 1, -1, 2], [1, 1, 2, 2]);
        x.RequiresGradient = weight.RequiresGradient = true;
        Tensor y = x.Conv2d(weight).LeakyRelu(0.2f);
        Tensor[] gradients = Tape.Gradients(y, x, weight);
        Assert.That(x.Gradient, Is.Null);
        y.Sum().Backward();
        Assert.That(gradients[0].ToArray(), Is.EqualTo(x.Gradient!.ToArray()));
        Assert.That(gradients[1].ToArray(), Is.EqualTo(weight.Gradient!.ToArray()));
    }

    [Test]
    public void What_lies_between_may_be_asked_for_and_what_has_no_way_is_zero()
    {
        Tensor x = Tensor.From([1, 2], [2]);
        Tensor other = Tensor.From([1, 2, 3], [3]);
        x.RequiresGradient = other.RequiresGradient = true;
        Tensor between = x.Square();
        Tensor[] gradients = Tape.Gradients((between * between).Sum() + other.Detach().Sum(), between, other);
        Assert.That(gradients[0].ToArray(), Is.EqualTo(new float[] { 2, 8 }));
        Assert.That(gradients[1].ToArray(), Is.EqualTo(new float[3]));
    }

    [Test]
    public void Without_recording_any_operator_has_gradients()
    {
        Tensor x = Tensor.From([1, 2], [2]);
        x.RequiresGradient = true;
        Tensor y = x.Softmax(0).Square();
        using (Tape.NoGradient())
        {
            Tensor gradient = Tape.Gradients(y, x)[0];
            Assert.That(gradient.IsTracked, Is.False);
            Assert.That(gradient.ToArray().Sum(), Is.EqualTo(0).Within(1e-6));
        }

        Assert.That(() => Tape.Gradients(y, x), Throws.TypeOf<NotSupportedException>().With.Message.Contains("'softmax'"));
        Assert.That(() => Tape.Gradients(Tensor.Ones([1])), Throws.InvalidOperationException);
    }

    [Test]
    public void A_checkpoint_is_refused_by_name()
    {
        Tensor x = Tensor.From([1, 2], [2]);
        x.RequiresGradient = true;
        Tensor y = Tape.Checkpoint(t => t.Square(), x);
        Assert.That(() => Tape.Gradients(y, x), Throws.TypeOf<NotSupportedException>().With.Message.Contains("'checkpoint'"));
    }

    [Test]
    public void Bits_do_not_depend_on_the_number_of_threads()
    {
        float[] Penalty(int threads)
        {
            var backend = new CpuBackend(new CpuBackendOptions { MaxDegreeOfParallelism = threads });
            var draw = new Draw(5, false);
            Tensor x = Tensor.From(draw.Values(4 * 3 * 32 * 32), [4, 3, 32, 32], backend);
            Tensor weight = Tensor.From(draw.Values(24 * 3 * 9), [24, 3, 3, 3], backend);
            x.RequiresGradient = weight.RequiresGradient = true;
            var filter = new FirFilter([0.125f, 0.375f, 0.375f, 0.125f], before: 2, after: 2);
            Tensor y = x.Conv2d(weight, padding: 1).BiasLeakyRelu(null).UpFirDn2d(filter, filter).MinibatchDeviation().Square();
            Tape.Gradients(y, x)[0].Square().Sum().Backward();
            return [.. weight.Gradient!.ToArray(), .. x.Gradient!.ToArray()];
        }

        float[] one = Penalty(1);
        Assert.That(Penalty(2), Is.EqualTo(one));
        Assert.That(Penalty(3), Is.EqualTo(one));
    }
}
