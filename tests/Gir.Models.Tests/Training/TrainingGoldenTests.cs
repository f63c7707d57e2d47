using System.Text.Json;
using Gir.Models.Nn;
using Gir.Models.Tensors;
using Gir.Models.Training;

namespace Gir.Models.Tests.Training;

/// <summary>Whole training runs, step by step, against torch.optim.</summary>
public sealed class TrainingGoldenTests
{
    private static readonly SafeTensors File = SafeTensors.Load(TestData.Golden("models", "training.safetensors"));
    private static readonly JsonElement Entries = JsonDocument.Parse(File.Metadata["entries"]).RootElement;

    public static IEnumerable<string> Runs => Entries.EnumerateObject().Select(e => e.Name);

    [TestCaseSource(nameof(Runs))]
    public void A_run_equals_torch(string run)
    {
        string network = run.Split('.')[0];
        string optimizerName = run.Split('.')[1];
        Module module = network == "srcnn" ? new SmallSrcnn() : new SmallSrResNet();
        module.LoadState(State(network + ".initial."));
        Tensor input = Input(network + ".input");
        Tensor target = Input(network + ".target");
        Optimizer optimizer = CreateOptimizer(optimizerName, module);
        double? clip = optimizerName.Contains("clip", StringComparison.Ordinal) ? 0.01 : null;
        ExponentialMovingAverage? average = optimizerName == "adam_ema" ? new ExponentialMovingAverage(module, 0.9) : null;
        LearningRateSchedule schedule = Schedule(run, optimizer.LearningRate);
        double[] rates = File.Doubles(run + ".learning_rates");
        double[] losses = File.Doubles(run + ".losses64");
        JsonElement entry = Entries.GetProperty(run);
        double lossTolerance = entry.GetProperty("loss_tolerance_relative").GetDouble();
        for (int step = 0; step < losses.Length; step++)
        {
            using TensorScope scope = TensorScope.Enter();
            module.ZeroGradients();
            Tensor output = module.Call(input);
            Tensor loss = optimizerName switch
            {
                "charbonnier" => output.CharbonnierLoss(target),
                "adamw_clip_mse" => output.MeanSquaredErrorLoss(target),
                _ => output.L1Loss(target),
            };
            Assert.That(loss.Item(), Is.EqualTo(losses[step]).Within(lossTolerance * losses[step]), $"loss at step {step}");
            loss.Backward();
            double scale = 1;
            if (clip is { } maximum)
            {
                double norm = GradientClipping.Norm(module.Parameters());
                double expected = File.Doubles(run + ".gradient_norms64")[step];
                Assert.That(norm, Is.EqualTo(expected).Within(1e-5 * expected), $"norm at step {step}");
                scale = GradientClipping.Scale(norm, maximum);
            }

            optimizer.LearningRate = schedule.At(step);
            Assert.That(optimizer.LearningRate, Is.EqualTo(rates[step]).Within(1e-12));
            optimizer.Step(scale);
            average?.Update();
            if (step == 0 && File.Names.Any(n => n.StartsWith(run + ".step1.", StringComparison.Ordinal)))
                AssertState(run + ".step1.", module.StateDictionary().ToDictionary(e => e.Key, e => e.Value), entry);
        }

        AssertState(run + ".final.", module.StateDictionary().ToDictionary(e => e.Key, e => e.Value), entry);
        if (average is not null)
            AssertState(run + ".ema.", average.State, entry);
    }

    [Test]
    public void Schedules_equal_torch_and_BasicSR()
    {
        AssertSchedule(new CosineAnnealing(2e-4, 1e-7, 20), "lr.cosine_T20_min1e-7");
        AssertSchedule(new MultiStep(2e-4, [4, 8], 0.5), "lr.multistep_4_8_x0.5");
        AssertSchedule(new CosineAnnealingRestarts(2e-4, 1e-7, [10, 15], [1, 0.5]), "lr.basicsr_cosine_restart_periods10_15_weights1_0.5_min1e-7");
        AssertSchedule(new MultiStep(2e-4, [5, 10], 0.5), "lr.basicsr_multistep_restart_milestones5_10_gamma0.5");
    }

    private static void AssertSchedule(LearningRateSchedule schedule, string key)
    {
        double[] expected = File.Doubles(key);
        for (int i = 0; i < expected.Length; i++)
            Assert.That(schedule.At(i), Is.EqualTo(expected[i]).Within(1e-15), $"{key} at {i}");
    }

    private static Optimizer CreateOptimizer(string name, Module module) => name switch
    {
        "adamw" => new Adam(module.Parameters(), weightDecay: 1e-2, decoupled: true),
        "adam_l2" => new Adam(module.Parameters(), weightDecay: 1e-2),
        "adamw_clip_mse" => new Adam(module.Parameters(), 1e-3, weightDecay: 1e-2, decoupled: true),
        "sgd_momentum" => new Sgd(module.Parameters(), 1e-2, momentum: 0.9),
        "sgd_nesterov_decay" => new Sgd(module.Parameters(), 1e-2, momentum: 0.9, weightDecay: 1e-3, nesterov: true),
        _ => new Adam(module.Parameters()),
    };

    private static LearningRateSchedule Schedule(string run, double rate) => run switch
    {
        "srcnn.adam" or "srcnn.adamw" or "srcnn.adam_l2" or "srcnn.adam_clip" => new CosineAnnealing(rate, 1e-7, 20),
        "srresnet.adam" => new MultiStep(rate, [4, 8], 0.5),
        _ => new ConstantRate(rate),
    };

    private static Tensor Input(string key) => Tensor.From(File.Floats(key), TensorShape.Create(File.Shape(key)));

    private static Dictionary<string, Tensor> State(string prefix) =>
        File.Names.Where(n => n.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(n => n[prefix.Length..], Input);

    private static void AssertState(string prefix, IReadOnlyDictionary<string, Tensor> actual, JsonElement entry)
    {
        double tolerance = entry.GetProperty("weight_tolerance_absolute").GetDouble();
        Dictionary<string, Tensor> expected = State(prefix);
        Assert.That(expected.Keys, Is.EquivalentTo(actual.Keys));
        foreach ((string key, Tensor value) in expected)
        {
            double difference = Images.MaxDifference(actual[key].ToArray(), File.Doubles(prefix + key));
            Assert.That(difference, Is.LessThanOrEqualTo(tolerance), prefix + key);
        }
    }

    private sealed class SmallSrcnn : Module
    {
        private readonly Conv2d _first;
        private readonly Conv2d _second;
        private readonly Conv2d _third;

        public SmallSrcnn()
        {
            _first = Child("conv1", new Conv2d(3, 8, 9, padding: 4));
            _second = Child("conv2", new Conv2d(8, 6, 5, padding: 2));
            _third = Child("conv3", new Conv2d(6, 3, 5, padding: 2));
        }

        protected override Tensor Forward(Tensor x) => _third.Call(_second.Call(_first.Call(x).Relu()).Relu());
    }

    private sealed class SmallSrResNet : Module
    {
        private readonly Conv2d _first;
        private readonly Sequential _body;
        private readonly Conv2d _high;
        private readonly Conv2d _last;

        public SmallSrResNet()
        {
            _first = Child("conv_first", new Conv2d(3, 8, 3, padding: 1));
            _body = Child("body", new Sequential(new Block(), new Block()));
            _high = Child("conv_hr", new Conv2d(8, 8, 3, padding: 1));
            _last = Child("conv_last", new Conv2d(8, 3, 3, padding: 1));
        }

        protected override Tensor Forward(Tensor x)
        {
            Tensor features = _body.Call(_first.Call(x).LeakyRelu(0.1f));
            return _last.Call(_high.Call(features).LeakyRelu(0.1f)) + x;
        }

        private sealed class Block : Module
        {
            private readonly Conv2d _first;
            private readonly Conv2d _second;

            public Block()
            {
                _first = Child("conv1", new Conv2d(8, 8, 3, padding: 1));
                _second = Child("conv2", new Conv2d(8, 8, 3, padding: 1));
            }

            protected override Tensor Forward(Tensor x) => x + _second.Call(_first.Call(x).Relu());
        }
    }
}
