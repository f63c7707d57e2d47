using System.Text.Json;
using Gir.Models.Backbones.DiffusionUNet;
using Gir.Models.Generative.Diffusion;

namespace Gir.Models.Tests.Generative.Diffusion;

/// <summary>Betas, timesteps and tables against the published functions, in double.</summary>
public sealed class DiffusionScheduleTests
{
    private static readonly CldmGolden s_golden = CldmGolden.Load("schedules");

    public static IEnumerable<string> Names => s_golden.Entries.EnumerateObject().Select(e => e.Name);

    [TestCaseSource(nameof(Names))]
    public void A_table(string name)
    {
        JsonElement entry = s_golden.Entries.GetProperty(name);
        JsonElement attributes = entry.GetProperty("attrs");
        double tolerance = entry.GetProperty("tolerance").GetDouble();
        Dictionary<string, double[]> tables = Tables(name, attributes);
        foreach (string output in entry.GetProperty("outputs").EnumerateArray().Select(e => e.GetString()!))
        {
            double[] expected = s_golden.Data.Numbers($"{name}.{output}");
            double[] found = tables[output];
            Assert.That(found, Has.Length.EqualTo(expected.Length), output);
            double bound = s_golden.Data.Type($"{name}.{output}") == "I64" ? 0 : tolerance * expected.Max(Math.Abs);
            for (int i = 0; i < expected.Length; i++)
                Assert.That(found[i], Is.EqualTo(expected[i]).Within(bound), $"{output}[{i}]");
        }
    }

    [Test]
    public void No_image_is_left_at_the_end_of_a_rescaled_schedule() =>
        Assert.That(CldmGolden.Schedule("zero_snr").AlphaBars[^1], Is.Zero);

    [TestCase(1000)]
    [TestCase(333)]
    [TestCase(111)]
    public void Ddim_refuses_steps_whose_last_timestep_lies_behind_the_end(int steps) =>
        Assert.That(() => TimestepSelection.Ddim(1000, steps), Throws.ArgumentException.With.Message.Contains("1000, behind"));

    [Test]
    public void One_step_takes_the_image_predicted_at_the_start()
    {
        LatentSampler sampler = LatentSampler.Create(DiffusionSampler.Ddim, NoiseSchedule.ScaledLinear(), DiffusionPrediction.Noise, 1, 400);
        Assert.That(sampler.Timesteps, Is.EqualTo(new[] { 400 }));
        Assert.That(() => LatentSampler.Create(DiffusionSampler.Spaced, CldmGolden.Schedule("zero_snr"), DiffusionPrediction.Noise, 5), Throws.ArgumentException.With.Message.Contains("timestep 999"));
        Assert.That(() => LatentSampler.Create(DiffusionSampler.Spaced, NoiseSchedule.ScaledLinear(), DiffusionPrediction.Noise, 6, 4), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => LatentSampler.Create(DiffusionSampler.Spaced, NoiseSchedule.ScaledLinear(), DiffusionPrediction.Noise, 1, 1000), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    private static Dictionary<string, double[]> Tables(string name, JsonElement attributes)
    {
        int Int(string attribute) => attributes.GetProperty(attribute).GetInt32();
        double Number(string attribute) => attributes.GetProperty(attribute).GetDouble();
        static double[] Doubles(IEnumerable<int> values) => [.. values.Select(v => (double)v)];
        switch (name.Split('.')[0])
        {
            case "betas":
                bool isGuided = attributes.TryGetProperty("convention", out JsonElement convention) && convention.GetString() == "guided-diffusion";
                NoiseSchedule schedule = name == "betas.zero_snr" ? CldmGolden.Schedule("zero_snr") : (isGuided, attributes.GetProperty("kind").GetString()) switch
                {
                    (true, "linear") => NoiseSchedule.GuidedLinear(Int("steps")),
                    (_, "cosine") => NoiseSchedule.Cosine(Int("steps")),
                    (false, "linear") => NoiseSchedule.ScaledLinear(Int("steps"), Number("start"), Number("end")),
                    (false, "sqrt_linear") => NoiseSchedule.Linear(Int("steps"), Number("start"), Number("end")),
                    _ => NoiseSchedule.Root(Int("steps"), Number("start"), Number("end")),
                };
                return new() { ["betas"] = [.. schedule.Betas], ["alphas_cumprod"] = [.. schedule.AlphaBars] };
            case "spaced_timesteps":
                string sections = attributes.GetProperty("sections").GetString()!;
                return new()
                {
                    ["timesteps"] = Doubles(sections.StartsWith("ddim", StringComparison.Ordinal)
                        ? TimestepSelection.Strided(Int("of"), int.Parse(sections[4..]))
                        : TimestepSelection.Spaced(Int("of"), [.. sections.Split(',').Select(int.Parse)])),
                };
            case "spaced":
                var chain = new DiffusionChain(CldmGolden.Schedule(attributes.GetProperty("betas").GetString()!), TimestepSelection.Spaced(1000, Int("steps")));
                double[] Each(Func<int, double> value) => [.. Enumerable.Range(0, chain.Count).Select(value)];
                return new()
                {
                    ["timesteps"] = Doubles(chain.Timesteps), ["betas"] = [.. chain.Betas], ["alphas_cumprod"] = [.. chain.AlphaBars], ["alphas_cumprod_prev"] = [.. chain.AlphaBarsBefore],
                    ["sqrt_alphas_cumprod"] = Each(i => Math.Sqrt(chain.AlphaBars[i])), ["sqrt_one_minus_alphas_cumprod"] = Each(i => Math.Sqrt(1 - chain.AlphaBars[i])),
                    ["sqrt_recip_alphas_cumprod"] = Each(i => Math.Sqrt(1 / chain.AlphaBars[i])), ["sqrt_recipm1_alphas_cumprod"] = Each(i => Math.Sqrt((1 / chain.AlphaBars[i]) - 1)),
                    ["posterior_variance"] = Each(chain.PosteriorVariance), ["posterior_mean_coef1"] = Each(chain.ImageShare), ["posterior_mean_coef2"] = Each(chain.NoisyShare),
                };
            case "ddim":
                int[] timesteps = attributes.GetProperty("method").GetString() == "quad" ? TimestepSelection.DdimQuadratic(1000, Int("steps")) : TimestepSelection.Ddim(1000, Int("steps"));
                var ddim = new DdimChain(NoiseSchedule.ScaledLinear(), timesteps, Number("eta"));
                return new() { ["timesteps"] = Doubles(timesteps), ["alphas"] = [.. ddim.AlphaBars], ["alphas_prev"] = [.. ddim.AlphaBarsBefore], ["sigmas"] = [.. ddim.Sigmas] };
            case "timestep_embedding":
                double[] given = [.. attributes.GetProperty("timesteps").EnumerateArray().Select(e => e.GetDouble())];
                double[] Embedded(int size) => [.. given.SelectMany(t => TimestepEmbedding.Of(t, size))];
                return new() { ["timesteps"] = given, ["dim8"] = Embedded(8), ["dim33"] = Embedded(33), ["dim320"] = Embedded(320) };
            case "cfg_rescale":
                double[] at = s_golden.Data.Numbers("cfg_rescale.timesteps");
                return new() { ["timesteps"] = at, ["scale"] = [.. at.Select(t => DiffusionMath.Rescaled(Number("scale"), (int)t, 1000))] };
            default:
                double[] n = s_golden.Data.Numbers("ema_decay.n");
                return new() { ["n"] = n, ["value"] = [.. n.Select(i => DiffusionLosses.AverageDecay((long)i))] };
        }
    }
}
