using System.Text.Json;
using Gir.Models.Backbones.AutoencoderKl;
using Gir.Models.Backbones.DiffusionUNet;
using Gir.Models.Generative.Diffusion;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;

namespace Gir.Models.Tests.Generative.Diffusion;

/// <summary>Single steps and whole runs of the samplers with given noise.</summary>
public sealed class DiffusionSamplerTests
{
    private const double LatentScale = 0.18215;

    private static readonly CldmGolden s_steps = CldmGolden.Load("sampler_steps");
    private static readonly CldmGolden s_runs = CldmGolden.Load("trajectories");

    public static IEnumerable<string> Steps => s_steps.Entries.EnumerateObject().Select(e => e.Name);

    public static IEnumerable<string> Runs => s_runs.Entries.EnumerateObject().Select(e => e.Name);

    [TestCaseSource(nameof(Steps))]
    public void A_single_step(string name)
    {
        JsonElement entry = s_steps.Entries.GetProperty(name);
        JsonElement attributes = entry.GetProperty("attrs");
        Tensor In(string input) => s_steps.Read($"{name}.in.{input}");
        foreach ((string output, Tensor found) in Outputs(name.Split('.')[0], attributes, In))
            s_steps.AssertClose(found, $"{name}.out.{output}", entry.GetProperty("tolerance").GetProperty(output).GetDouble());
    }

    [TestCaseSource(nameof(Runs))]
    public void A_whole_run(string name)
    {
        JsonElement entry = s_runs.Entries.GetProperty(name);
        JsonElement attributes = entry.GetProperty("attrs");
        string prefix = name == "tiled" ? "in.tiled_" : "in.";
        string schedule = attributes.GetProperty("betas").GetString()!;
        NoiseSchedule noises = schedule == "in.betas5" ? new NoiseSchedule([.. s_runs.Data.Floats("in.betas5").Select(b => (double)b)]) : CldmGolden.Schedule(schedule);
        DiffusionPrediction prediction = CldmGolden.Prediction(attributes.GetProperty("parametrisation").GetString()!);
        int steps = attributes.GetProperty("steps").GetInt32();
        LatentSampler sampler = attributes.GetProperty("sampler").GetString() == "ddim"
            ? LatentSampler.Create(DiffusionSampler.Ddim, noises, prediction, steps, eta: attributes.GetProperty("eta").GetDouble())
            : new SpacedSampler(new DiffusionChain(noises, TimestepSelection.Spaced(noises.Count, steps)), prediction, attributes.TryGetProperty("variance", out _), attributes.TryGetProperty("clip", out _));
        (DiffusionUNet network, ControlBranch control) = CldmGolden.TinyNetworks();
        using Tape.NoGradientScope quiet = Tape.NoGradient();
        Tensor start = s_runs.Read(prefix + "x_T");
        Tensor condition = s_runs.Read(prefix + "c_img");
        if (attributes.TryGetProperty("start", out _))
            start = DiffusionMath.Noisy(condition, start, noises.AlphaBars[999]);
        var predictor = new LatentPredictor(network, control)
        {
            Context = s_runs.Read("in.context"), Unconditioned = s_runs.Read("in.context_uncond"), GuidanceScale = attributes.TryGetProperty("cfg", out JsonElement cfg) ? cfg.GetDouble() : 1,
            RescalesGuidance = attributes.TryGetProperty("rescale_cfg", out _), Tile = attributes.TryGetProperty("tile", out JsonElement tile) ? tile.GetInt32() : null,
            TileStride = attributes.TryGetProperty("stride", out JsonElement stride) ? stride.GetInt32() : 0,
        };
        Tensor noise = s_runs.Read(prefix + "noise");
        long[] timesteps = s_runs.Data.Int64s(name + ".timesteps");
        int index = 0;
        sampler.Run(
            start, (x, t) => predictor.Predict(x, condition, t), i => Row(noise, i), Guidance(attributes), step =>
            {
                Assert.That(step.Timestep, Is.EqualTo(timesteps[index]));
                Assert.That(step.Index, Is.EqualTo(index));
                AssertRow(name, entry, "output", step.Output, index);
                AssertRow(name, entry, "x0", step.Image, index);
                AssertRow(name, entry, "x", step.Next, index++);
            });
        Assert.That(index, Is.EqualTo(timesteps.Length));
    }

    private static RestorationGuidance? Guidance(JsonElement attributes)
    {
        if (!attributes.TryGetProperty("guidance", out JsonElement guidance))
            return null;
        AutoencoderKl autoencoder = CldmGolden.TinyAutoencoder();
        bool inPixels = guidance.GetProperty("space").GetString() == "rgb";
        // In -1..1 already.
        Tensor image = s_runs.Read("in.image");
        return new RestorationGuidance(
            new RestorationGuidanceOptions
            {
                Scale = guidance.GetProperty("scale").GetDouble(), Start = guidance.GetProperty("start").GetInt32(), Stop = guidance.GetProperty("stop").GetInt32(),
                Repeats = guidance.GetProperty("repeat").GetInt32(), InPixels = inPixels, Weighted = guidance.GetProperty("kind").GetString() == "w_mse",
            },
            inPixels ? image : autoencoder.Encode(image).Mean * (float)LatentScale,
            z => autoencoder.Decode(z * (float)(1 / LatentScale)));
    }

    private static void AssertRow(string name, JsonElement entry, string output, Tensor actual, int row)
    {
        double[] all = s_runs.Data.Numbers($"{name}.{output}");
        double[] expected = all[(row * actual.Length)..((row + 1) * actual.Length)];
        // The tolerance is that of the whole run.
        double error = Images.MaxDifference(actual.ToArray(), expected) / all.Max(Math.Abs);
        Assert.That(error, Is.LessThanOrEqualTo(entry.GetProperty("tolerance").GetProperty(output).GetDouble()), $"{output} of step {row}");
    }

    private static Tensor Row(Tensor all, int index) => all.Narrow(0, index, 1).Reshape(TensorShape.Create(all.Shape.Sizes[1..]));

    private static IEnumerable<(string Output, Tensor Found)> Outputs(string kind, JsonElement attributes, Func<string, Tensor> input)
    {
        switch (kind)
        {
            case "ddpm":
                string table = attributes.GetProperty("table").GetString()!;
                NoiseSchedule schedule = CldmGolden.Schedule(table.EndsWith("zero_snr", StringComparison.Ordinal) ? "zero_snr" : "");
                var chain = new DiffusionChain(schedule, table == "full" ? [.. Enumerable.Range(0, 1000)] : TimestepSelection.Spaced(1000, 50));
                int index = attributes.GetProperty("index").GetInt32();
                Assert.That(chain.Timesteps[index], Is.EqualTo(attributes.GetProperty("timestep").GetInt32()));
                var sampler = new SpacedSampler(
                    chain, CldmGolden.Prediction(attributes.GetProperty("parametrisation").GetString()!), attributes.GetProperty("variance").GetString() == "fixed_large",
                    attributes.GetProperty("clip").GetBoolean());
                (Tensor image, Tensor next) = sampler.Step(index, input("x"), input("output"), () => input("noise"));
                return [("x0", image), ("mean", sampler.Mean(index, input("x"), image)), ("previous", next)];
            case "ddim":
                var ddimChain = new DdimChain(NoiseSchedule.ScaledLinear(), TimestepSelection.Ddim(1000, attributes.GetProperty("steps").GetInt32()), attributes.GetProperty("eta").GetDouble());
                DiffusionPrediction prediction = CldmGolden.Prediction(attributes.GetProperty("parametrisation").GetString()!);
                int at = attributes.GetProperty("index").GetInt32();
                (image, next) = new DdimSampler(ddimChain, prediction).Step(at, input("x"), input("output"), () => input("noise"));
                return [("eps", DiffusionMath.Noise(prediction, input("x"), input("output"), ddimChain.AlphaBars[at])), ("x0", image), ("previous", next)];
            case "cfg":
                return [("output", DiffusionMath.Guided(input("cond"), input("uncond"), attributes.GetProperty("scale").GetDouble()))];
            case "q_sample":
                double[] left = [.. attributes.GetProperty("timesteps").EnumerateArray().Select(t => NoiseSchedule.ScaledLinear().AlphaBars[t.GetInt32()])];
                return
                [
                    ("noisy", DiffusionMath.Noisy(input("x0"), input("noise"), left)),
                    ("v", DiffusionMath.Target(DiffusionPrediction.Velocity, input("x0"), input("noise"), left)),
                ];
            default:
                var guidance = new RestorationGuidance(new RestorationGuidanceOptions { Scale = attributes.GetProperty("scale").GetDouble() }, input("target"), z => z);
                return [("x0", guidance.Apply(input("x0"), 400, attributes.GetProperty("value").GetDouble()))];
        }
    }
}
