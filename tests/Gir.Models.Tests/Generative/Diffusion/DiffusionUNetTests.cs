using Gir.Models.Backbones.DiffusionUNet;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;

namespace Gir.Models.Tests.Generative.Diffusion;

/// <summary>U-Net and control branch against PyTorch: outputs, controls, all gradients, the published keys in narrow form.</summary>
public sealed class DiffusionUNetTests
{
    [TestCase("unet_cross")]
    [TestCase("unet_plain")]
    [TestCase("unet_self")]
    public void The_network_alone(string name)
    {
        CldmGolden golden = CldmGolden.Load(name);
        var network = new DiffusionUNet(CldmGolden.UNet(golden.Hyper));
        network.LoadState(golden.State());
        Tensor x = golden.Leaf("in.x");
        List<KeyValuePair<string, Tensor>> leaves = [.. network.NamedParameters(), KeyValuePair.Create("in.x", x)];
        Tensor? context = null;
        if (golden.Data.Contains("in.context"))
            leaves.Add(KeyValuePair.Create("in.context", context = golden.Leaf("in.context")));
        Tensor y = network.Predict(x, golden.Timesteps("in.t"), context);
        golden.AssertOutput(y, "eps");
        (y * golden.Read("w.eps")).Sum().Backward();
        golden.AssertGradients(leaves);
        using Tape.NoGradientScope quiet = Tape.NoGradient();
        golden.AssertOutput(network.Predict(x, golden.Timesteps("in.t"), context), "eps");
    }

    [TestCase("cldm_tiny")]
    [TestCase("cldm_sd_narrow")]
    public void The_network_with_its_control_branch(string name)
    {
        if (name == "cldm_sd_narrow")
            Machine.RequireVectors();
        CldmGolden golden = CldmGolden.Load(name);
        var network = new DiffusionUNet(CldmGolden.UNet(golden.Hyper.GetProperty("unet")));
        var branch = new ControlBranch(CldmGolden.UNet(golden.Hyper.GetProperty("controlnet")));
        network.LoadState(golden.State("unet."));
        branch.LoadState(golden.State("controlnet."));
        Assert.That(network.ParameterCount() + branch.ParameterCount(), Is.EqualTo(long.Parse(golden.Data.Metadata["parameters"])));
        (Tensor x, Tensor hint, Tensor context, int[] t) = (golden.Leaf("in.x"), golden.Leaf("in.c_img"), golden.Leaf("in.context"), golden.Timesteps("in.t"));
        IReadOnlyList<Tensor> controls = branch.Control(x, hint, t, context);
        foreach ((int i, Tensor control) in controls.Index())
            golden.AssertOutput(control, $"control.{i}");
        Tensor y = network.Predict(x, t, context, controls);
        golden.AssertOutput(y, "eps");
        (y * golden.Read("w.eps")).Sum().Backward();
        golden.AssertGradients(
            [.. CldmGolden.Named("unet.", network), .. CldmGolden.Named("controlnet.", branch), KeyValuePair.Create("in.x", x), KeyValuePair.Create("in.c_img", hint), KeyValuePair.Create("in.context", context)]);

        using Tape.NoGradientScope quiet = Tape.NoGradient();
        controls = branch.Control(x, hint, t, context);
        golden.AssertOutput(network.Predict(x, t, context, controls), "eps");
        golden.AssertOutput(network.Predict(x, t, context), "eps_uncontrolled");
        if (!golden.Data.Contains("out.eps_scaled"))
            return;
        double[] scales = [.. golden.Hyper.GetProperty("control_scales").EnumerateArray().Select(s => s.GetDouble())];
        golden.AssertOutput(network.Predict(x, t, context, [.. controls.Zip(scales, (c, s) => c * (float)s)]), "eps_scaled");
        golden.AssertOutput(network.Predict(x, t, context, [.. controls.Select((c, i) => i < controls.Count - 1 ? null : c)]), "eps_mid_only");
    }

    [Test]
    public void Controls_of_an_image()
    {
        CldmGolden golden = CldmGolden.Load("control_image_hint");
        var branch = new ControlBranch(CldmGolden.UNet(golden.Hyper), 3, ControlHint.Image);
        branch.LoadState(golden.State());
        (Tensor x, Tensor hint, Tensor context) = (golden.Leaf("in.x"), golden.Leaf("in.hint"), golden.Leaf("in.context"));
        IReadOnlyList<Tensor> controls = branch.Control(x, hint, golden.Timesteps("in.t"), context);
        foreach ((int i, Tensor control) in controls.Index())
            golden.AssertOutput(control, $"control.{i}");
        ((controls[0] * golden.Read("w.control.0")).Sum() + (controls[4] * golden.Read("w.control.4")).Sum()).Backward();
        // What only the controls without a weight see has no gradient.
        foreach (Tensor parameter in branch.Parameters())
            parameter.Gradient ??= Tensor.Zeros(parameter.Shape);
        golden.AssertGradients([.. branch.NamedParameters(), KeyValuePair.Create("in.x", x), KeyValuePair.Create("in.hint", hint), KeyValuePair.Create("in.context", context)]);
    }

    [Test]
    public void A_branch_that_starts_from_its_network_controls_nothing_at_first()
    {
        (DiffusionUNet network, _) = CldmGolden.TinyNetworks();
        var branch = new ControlBranch(network.Options);
        branch.CopyFrom(network);
        Dictionary<string, Tensor> own = branch.StateDictionary().ToDictionary(e => e.Key, e => e.Value);
        foreach ((string key, Tensor value) in network.StateDictionary().Where(e => own.ContainsKey(e.Key) && e.Key != "input_blocks.0.0.weight"))
            Assert.That(own[key].ToArray(), Is.EqualTo(value.ToArray()), key);
        using Tape.NoGradientScope quiet = Tape.NoGradient();
        Tensor wide = own["input_blocks.0.0.weight"];
        Assert.That(wide.Narrow(1, 0, 4).ToArray(), Is.EqualTo(network.StateDictionary().Single(e => e.Key == "input_blocks.0.0.weight").Value.ToArray()));
        Assert.That(wide.Narrow(1, 4, 4).ToArray(), Is.All.Zero);
        Tensor x = Tensor.Ones([1, 4, 8, 8]);
        Assert.That(branch.Control(x, x, [3], Tensor.Ones([1, 5, 12])).SelectMany(c => c.ToArray()), Is.All.Zero);
    }

    [Test]
    public void What_does_not_fit_is_refused_by_name()
    {
        (DiffusionUNet network, _) = CldmGolden.TinyNetworks();
        Tensor context = Tensor.Ones([1, 5, 12]);
        Assert.That(() => network.Predict(Tensor.Ones([1, 4, 7, 8]), [1], context), Throws.TypeOf<TensorShapeException>().With.Message.Contains("multiples of 2"));
        Assert.That(() => network.Predict(Tensor.Ones([1, 4, 8, 8]), [1, 2], context), Throws.TypeOf<TensorShapeException>().With.Message.Contains("2 timesteps"));
        Assert.That(() => network.Predict(Tensor.Ones([1, 4, 8, 8]), [1]), Throws.TypeOf<TensorShapeException>().With.Message.Contains("context none"));
        Assert.That(() => network.Predict(Tensor.Ones([1, 4, 8, 8]), [1], context, [null]), Throws.ArgumentException.With.Message.Contains("5"));
    }
}
