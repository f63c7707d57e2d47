using Gir.Models.Nn;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;

namespace Gir.Models.Tests.Nn;

/// <summary>Names, state and containers.</summary>
public sealed class ModuleTests
{
    [Test]
    public void Keys_are_those_of_torch_in_order_of_registration()
    {
        var network = new Network();
        Assert.That(network.StateDictionary().Select(e => $"{e.Key} {e.Value.Shape}"), Is.EqualTo(new[]
        {
            "scale [1]", "head.weight [4, 3, 3, 3]", "head.bias [4]", "body.0.weight [4]", "body.0.bias [4]", "body.0.running_mean [4]",
            "body.0.running_var [4]", "body.0.num_batches_tracked []", "body.2.weight [3, 4, 1, 1]",
        }));
        Assert.That(network.NamedParameters().Select(e => e.Key), Is.EqualTo(new[] { "scale", "head.weight", "head.bias", "body.0.weight", "body.0.bias", "body.2.weight" }));
        Assert.That(network.ParameterCount(), Is.EqualTo(1 + 108 + 4 + 4 + 4 + 12));
        Assert.That(network.Parameters().All(p => p.RequiresGradient), Is.True);
        Assert.That(network.StateDictionary().Single(e => e.Key == "body.0.running_mean").Value.RequiresGradient, Is.False);
    }

    [Test]
    public void A_state_goes_from_one_network_to_another()
    {
        var network = new Network();
        var other = new Network(seed: 5);
        Dictionary<string, Tensor> state = State(other);
        state["index"] = Tensor.Ones([2]);
        network.LoadState(state);
        foreach ((string key, Tensor value) in network.StateDictionary())
        {
            Assert.That(value.ToArray(), Is.EqualTo(state[key].ToArray()), key);
            Assert.That(value.Storage, Is.Not.SameAs(state[key].Storage), "a copy");
        }
    }

    [Test]
    public void Everything_that_does_not_fit_is_told_at_once_and_nothing_is_changed()
    {
        var network = new Network();
        Dictionary<string, float[]> before = network.StateDictionary().ToDictionary(e => e.Key, e => e.Value.ToArray());
        Dictionary<string, Tensor> state = State(new Network(seed: 5));
        state.Remove("scale");
        state.Remove("body.0.bias");
        state["head.weight"] = Tensor.Ones([4, 3, 5, 5]);
        state["body.0.running_mean"] = Tensor.Ones([1, 4]);
        state["fc.weight"] = Tensor.Ones([1]);
        Assert.That(() => network.LoadState(state), Throws.ArgumentException.With.Message.EqualTo(
            "The state does not fit: 2 missing (scale, body.0.bias); 1 unexpected (fc.weight); "
            + "2 of another shape (head.weight is [4, 3, 5, 5], expected [4, 3, 3, 3], body.0.running_mean is [1, 4], expected [4]). (Parameter 'state')"));
        foreach ((string key, Tensor value) in network.StateDictionary())
            Assert.That(value.ToArray(), Is.EqualTo(before[key]), key);
    }

    [Test]
    public void Unexpected_keys_may_be_ignored_but_not_missing_ones()
    {
        var network = new Network();
        Dictionary<string, Tensor> state = State(network);
        state["fc.weight"] = Tensor.Ones([1]);
        Assert.That(() => network.LoadState(state, ignoreUnexpected: true), Throws.Nothing);
        state.Remove("scale");
        Assert.That(() => network.LoadState(state, ignoreUnexpected: true), Throws.ArgumentException.With.Message.Contains("1 missing (scale)").And.Message.Not.Contains("fc.weight"));
    }

    [Test]
    public void A_message_about_thousands_of_keys_stays_short()
    {
        Dictionary<string, Tensor> state = State(new Network());
        for (int i = 0; i < 5000; i++)
            state[$"key{i:D4}"] = Tensor.Ones([1]);
        Assert.That(() => new Network().LoadState(state), Throws.ArgumentException
            .With.Message.Contains("5000 unexpected (key0000, key0001").And.Message.Contains("key0019, ..)").And.Message.Length.LessThan(400));
    }

    [Test]
    public void Two_parts_of_one_name_are_refused() => Assert.Multiple(() =>
    {
        Assert.That(() => new Twice("x", "x"), Throws.ArgumentException.With.Message.Contains("'x'"));
        Assert.That(() => new Twice("x", ""), Throws.ArgumentException);
        Assert.That(() => new Twice("x", "y"), Throws.Nothing);
    });

    [Test]
    public void Gradients_accumulate_until_they_are_forgotten()
    {
        var layer = new Linear(2, 1, seed: 3);
        Tensor x = Tensor.From([1, 2], [1, 2]);
        layer.Call(x).Sum().Backward();
        layer.Call(x).Sum().Backward();
        Assert.That(layer.Weight.Gradient!.ToArray(), Is.EqualTo(new float[] { 2, 4 }));
        layer.ZeroGradients();
        Assert.That(layer.Parameters().Select(p => p.Gradient), Is.All.Null);
        layer.Call(x).Sum().Backward();
        Assert.That(layer.Weight.Gradient!.ToArray(), Is.EqualTo(new float[] { 1, 2 }));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_chain_runs_its_modules_in_order(bool recording)
    {
        var chain = new Sequential(new Function(x => x + 1), new Function(x => x * 10), new Function(x => x));
        Tensor input = Tensor.From([1, 2], [2]);
        if (recording)
        {
            Assert.That(chain.Call(input).ToArray(), Is.EqualTo(new float[] { 20, 30 }));
            Assert.That(new Sequential().Call(input), Is.SameAs(input));
            return;
        }

        using Tape.NoGradientScope quiet = Tape.NoGradient();
        Assert.That(chain.Call(input).ToArray(), Is.EqualTo(new float[] { 20, 30 }));
        // A chain that hands back its input must not hand back the input's memory.
        Assert.That(new Sequential(new Function(x => x.Reshape(2, 1))).Call(input).ToArray(), Is.EqualTo(input.ToArray()));
        Assert.That(new Sequential().Call(input), Is.SameAs(input));
    }

    [Test]
    public void A_list_names_its_modules_and_is_not_called()
    {
        var list = new ModuleList<Linear>(new Linear(1, 1), new Linear(1, 2, bias: false));
        Assert.That(list.StateDictionary().Select(e => e.Key), Is.EqualTo(new[] { "0.weight", "0.bias", "1.weight" }));
        Assert.That(list, Has.Count.EqualTo(2));
        Assert.That(list[1].Weight.Shape, Is.EqualTo(TensorShape.Create(2, 1)));
        Assert.That(list.Select(l => l.Bias is null), Is.EqualTo(new[] { false, true }));
        Assert.That(() => list.Call(Tensor.Ones([1, 1])), Throws.TypeOf<NotSupportedException>());
    }

    private static Dictionary<string, Tensor> State(Module module) => module.StateDictionary().ToDictionary(e => e.Key, e => e.Value, StringComparer.Ordinal);

    private sealed class Network : Module
    {
        private readonly Tensor _scale;
        private readonly Conv2d _head;
        private readonly Sequential _body;

        public Network(ulong seed = 0)
        {
            _scale = Parameter("scale", [1], Initializer.Uniform(seed, 1));
            Derived("index");
            _head = Child("head", new Conv2d(3, 4, 3, padding: 1, seed: seed));
            _body = Child("body", new Sequential(new BatchNorm2d(4), new Relu(), new Conv2d(4, 3, 1, bias: false, seed: seed + 1)));
        }

        protected override Tensor Forward(Tensor x) => _body.Call(_head.Call(x)) * _scale;
    }

    private sealed class Twice : Module
    {
        public Twice(string first, string second)
        {
            Parameter(first, [1], Initializer.Constant(0));
            Child(second, new Relu());
        }

        protected override Tensor Forward(Tensor x) => x;
    }
}
