using Gir.Models.Nn;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;

namespace Gir.Models.Tests.Tensors;

/// <summary>What is recorded, and how gradients add up.</summary>
public sealed class TapeTests
{
    [Test]
    public void Recording_is_off_on_one_thread_only()
    {
        Tensor x = Leaf(2);
        using var off = new ManualResetEventSlim();
        using var done = new ManualResetEventSlim();
        bool quietThread = true;
        var thread = new Thread(() =>
        {
            using Tape.NoGradientScope quiet = Tape.NoGradient();
            off.Set();
            done.Wait();
            quietThread = Tape.IsRecording;
        });
        thread.Start();
        off.Wait();
        Assert.That(Tape.IsRecording, Is.True);
        (x * x).Backward();
        Assert.That(x.Gradient!.Item(), Is.EqualTo(4));
        done.Set();
        thread.Join();
        Assert.That(quietThread, Is.False);
    }

    [Test]
    public void Threads_with_networks_of_their_own_train_at_the_same_time()
    {
        float[] expected = Train();
        var results = new float[4][];
        Thread[] threads = [.. results.Select((_, i) => new Thread(() => results[i] = Train()))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        Assert.That(results, Is.All.EqualTo(expected));

        static float[] Train()
        {
            var layer = new Conv2d(3, 16, 3, padding: 1, seed: 1);
            for (int i = 0; i < 5; i++)
            {
                using TensorScope scope = TensorScope.Enter();
                layer.Call(Tensor.Full([1, 3, 24, 24], 0.5f)).Square().Mean().Backward();
            }

            return layer.Weight.Gradient!.ToArray();
        }
    }

    [Test]
    public void A_graph_may_be_walked_back_several_times()
    {
        Tensor x = Leaf(3);
        Tensor y = x * x;
        y.Backward();
        y.Backward();
        (y * 2).Backward();
        Assert.That(x.Gradient!.Item(), Is.EqualTo(6 + 6 + 12));
    }

    [Test]
    public void A_leaf_inside_the_graph_keeps_its_gradient_as_well()
    {
        Tensor x = Leaf(3);
        Tensor middle = x * 2;
        middle.RequiresGradient = true;
        (middle * middle).Backward();
        Assert.That((middle.Gradient!.Item(), x.Gradient!.Item()), Is.EqualTo((12f, 24f)));
    }

    [Test]
    public void Long_chains_need_no_stack()
    {
        Tensor x = Leaf(1);
        Tensor y = x;
        for (int i = 0; i < 5_000; i++)
            y += 1;
        y.Backward();
        Assert.That(x.Gradient!.Item(), Is.EqualTo(1));
    }

    [Test]
    public void Detached_tensors_end_the_way_back()
    {
        Tensor x = Leaf(3);
        (x * x.Detach()).Backward();
        Assert.That(x.Gradient!.Item(), Is.EqualTo(3));
        Assert.That(() => x.Detach().Backward(), Throws.InvalidOperationException.With.Message.Contains("requires a gradient"));
    }

    [Test]
    public void A_gradient_to_start_from_has_the_shape_of_the_result()
    {
        Tensor x = Tensor.Ones([2, 3]);
        x.RequiresGradient = true;
        Assert.That(() => (x * 2).Backward(), Throws.TypeOf<TensorShapeException>().With.Message.StartsWith("backward: found [2, 3]"));
        Assert.That(() => (x * 2).Backward(Tensor.Ones([3, 2])), Throws.TypeOf<TensorShapeException>().With.Message.Contains("gradient [3, 2]"));
    }

    // Gradients of weights inside a segment come from its second run; several passes add to them as without checkpoints.
    [TestCase(false)]
    [TestCase(true)]
    public void Checkpoints_add_gradients_to_parameters_over_several_passes(bool nested)
    {
        float[][] plain = Gradients(checkpoint: false);
        Assert.That(plain, Has.Length.EqualTo(5).And.All.Not.Empty);
        Assert.That(Gradients(checkpoint: true), Is.EqualTo(plain));

        float[][] Gradients(bool checkpoint)
        {
            var first = new Conv2d(2, 3, 3, padding: 1, seed: 1);
            var second = new Conv2d(3, 2, 3, padding: 1, seed: 2);
            Tensor x = Tensor.Full([1, 2, 5, 6], 0.5f);
            x.RequiresGradient = true;
            for (int pass = 0; pass < 3; pass++)
            {
                using TensorScope scope = TensorScope.Enter();
                Tensor y = Segment(Outer, x + pass);
                (y * y).Mean().Backward();
            }

            return [x.Gradient!.ToArray(), .. first.Parameters().Concat(second.Parameters()).Select(p => p.Gradient!.ToArray())];

            Tensor Outer(Tensor t) => nested ? Segment(Inner, t).Sigmoid() : Inner(t).Sigmoid();

            Tensor Inner(Tensor t) => second.Call(first.Call(t).Gelu());

            Tensor Segment(Func<Tensor, Tensor> segment, Tensor t) => checkpoint ? Tape.Checkpoint(segment, t) : segment(t);
        }
    }

    [Test]
    public void A_checkpoint_of_an_input_without_gradient_still_trains_its_weights()
    {
        var layer = new Linear(2, 1, bias: false, seed: 1);
        Tape.Checkpoint(layer.Call, Tensor.From([3, 4], [1, 2])).Sum().Backward();
        Assert.That(layer.Weight.Gradient!.ToArray(), Is.EqualTo(new float[] { 3, 4 }));
    }

    [Test]
    public void A_segment_may_return_its_input_or_something_without_history()
    {
        Tensor x = Leaf(3);
        Tape.Checkpoint(t => t, x * 2).Backward();
        Assert.That(x.Gradient!.Item(), Is.EqualTo(2));
        Tape.Checkpoint(t => Tensor.Scalar(7), x * 2).Backward();
        Assert.That(x.Gradient!.Item(), Is.EqualTo(2));
    }

    [Test]
    public void A_failing_segment_leaves_recording_on()
    {
        Assert.That(() => Tape.Checkpoint(_ => throw new ArithmeticException(), Leaf(1)), Throws.TypeOf<ArithmeticException>());
        Assert.That(Tape.IsRecording, Is.True);
        int runs = 0;
        Tensor y = Tape.Checkpoint(t => ++runs == 2 ? throw new ArithmeticException() : t * 2, Leaf(1));
        Assert.That(() => y.Backward(), Throws.TypeOf<ArithmeticException>());
        Assert.That(Tape.IsRecording, Is.True);
        Assert.That(Tensor.Scalar(1).Storage.IsReleased, Is.False, "no scope is left open");
    }

    private static Tensor Leaf(float value)
    {
        Tensor leaf = Tensor.Scalar(value);
        leaf.RequiresGradient = true;
        return leaf;
    }
}
