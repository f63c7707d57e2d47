using System.Diagnostics;
using System.Globalization;
using Gir.Benchmarks.Networks;
using Gir.Models.Nn;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;
using Gir.Models.Tensors.Backends.Cpu;
using Gir.Models.Training;
using Gir.Models.Zoo;
using TorchSharp;
using F = TorchSharp.torch.nn.functional;

namespace Gir.Models.TorchSharp.Tests;

/// <summary>How long the same network takes on both engines, in one process, pass by pass in turn; docs/torchsharp.md says how to run it.</summary>
[Explicit("Prints times and asserts none.")]
public sealed class TorchSpeedTests
{
    private const int Threads = 2;
    private const int Rounds = 7;
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(2);

    private static readonly TensorBackend s_managed = new CpuBackend(new CpuBackendOptions { MaxDegreeOfParallelism = Threads });
    private static readonly Lazy<TensorBackend> s_torch = new(() =>
    {
        _ = TorchEngine.Instance;
        return new TorchBackend(new TorchBackendOptions { Device = TorchEngine.Device, Threads = Threads });
    });

    public static IEnumerable<string> Networks => PublishedNetworks.All.Select(n => n.Name);

    public static IEnumerable<string> Trained => ["SRCNN", "SRResNet", "NAFNet"];

    [TestCaseSource(nameof(Networks))]
    public void Forward(string name)
    {
        Func<Module> create = PublishedNetworks.All.Single(n => n.Name == name).Create;
        Print(name, Pass(s_managed, create), Pass(s_torch.Value, create));
    }

    [TestCaseSource(nameof(Trained))]
    public void Step(string name) => Print($"{name}, a training step of 4x3x64x64", Training(s_managed, name), Training(s_torch.Value, name));

    // The same operators of libtorch without the engine: what remains is its cost.
    [Test]
    public void Without_the_engine()
    {
        using TensorBackend.EngineScope use = TensorBackend.Use(s_torch.Value);
        Module network = ModelZoo.CreateNetwork("DnCNN", HyperParameters.Parse("""{"in_nc": 3}""")).Module;
        Tensor image = Tensor.Full([1, 3, 128, 128], 0.5f);
        torch.Tensor[] weights = [.. network.Parameters().Select(p => p.ToTorch())];
        torch.Tensor input = image.ToTorch();
        Print("DnCNN on libtorch, by hand and by the engine", ByHand, Pass(s_torch.Value, () => network));

        void ByHand()
        {
            using DisposeScope scope = torch.NewDisposeScope();
            using IDisposable quiet = torch.no_grad();
            torch.Tensor x = input;
            for (int i = 0; i < weights.Length; i += 2)
            {
                x = F.conv2d(x, weights[i], weights[i + 1], [1, 1], [1, 1], [1, 1], 1);
                if (i + 2 < weights.Length)
                    x = x.relu_();
            }

            _ = input - x;
        }
    }

    private static Action Pass(TensorBackend engine, Func<Module> create)
    {
        Module network;
        Tensor image;
        using (TensorBackend.Use(engine))
            (network, image) = (create(), Tensor.Full([1, 3, 128, 128], 0.5f));
        return () =>
        {
            using Tape.NoGradientScope quiet = Tape.NoGradient();
            using TensorScope scope = TensorScope.Enter();
            network.Call(image);
        };
    }

    private static Action Training(TensorBackend engine, string name)
    {
        Module network;
        Tensor image;
        using (TensorBackend.Use(engine))
        {
            network = PublishedNetworks.All.First(n => n.Name.StartsWith(name, StringComparison.Ordinal)).Create();
            image = Tensor.Full([4, 3, 64, 64], 0.5f);
        }

        var optimizer = new Adam(network.Parameters());
        return () =>
        {
            using TensorScope scope = TensorScope.Enter();
            foreach (Tensor parameter in optimizer.Parameters)
            {
                parameter.Gradient?.Storage.Release();
                parameter.Gradient = null;
            }

            Tensor output = network.Call(image);
            output.L1Loss(Tensor.Zeros(output.Shape, engine)).Backward();
            optimizer.Step();
        };
    }

    private static void Print(string name, Action first, Action second)
    {
        foreach (Action action in new[] { first, second })
        {
            for (var warm = Stopwatch.StartNew(); warm.Elapsed < s_warmUp;)
                action();
        }

        var times = new (double First, double Second)[Rounds];
        for (int i = 0; i < Rounds; i++)
            times[i] = (Time(first), Time(second));
        double ratio = Median(times.Select(t => t.Second / t.First));
        TestContext.Progress.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {Median(times.Select(t => t.First)):F1} | {Median(times.Select(t => t.Second)):F1} | {ratio:F2} |"));

        static double Time(Action action)
        {
            // The other side has just had the caches.
            action();
            Wait();
            long start = Stopwatch.GetTimestamp();
            action();
            Wait();
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
    }

    // A GPU works behind the program.
    private static void Wait()
    {
        if (TorchEngine.Instance.Device.type == DeviceType.CUDA)
            torch.cuda.synchronize();
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);
}
