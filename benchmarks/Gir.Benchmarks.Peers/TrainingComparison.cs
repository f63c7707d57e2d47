using System.Diagnostics;
using System.Globalization;
using Gir.Benchmarks.Networks;
using Gir.Models.Nn;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;
using Gir.Models.Tensors.Backends.Cpu;
using Gir.Models.TorchSharp;
using Gir.Models.Training;

namespace Gir.Benchmarks.Peers;

/// <summary>A training step (forward, L1, backward, Adam) on one patch, on Gir's engine and on libtorch, in turn.</summary>
internal static class TrainingComparison
{
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(3);

    public static void Run(NetworkComparisonOptions options, TorchBackend libtorch)
    {
        var managed = new CpuBackend(new CpuBackendOptions { MaxDegreeOfParallelism = options.Threads });
        Console.WriteLine($"training steps of 1x3x{options.Size}x{options.Size}, {options.Threads} thread(s), {options.Rounds} rounds");
        Console.WriteLine("| network | Gir, median (best) ms | libtorch, median (best) ms | libtorch / Gir | of bests |\n|---|---:|---:|---:|---:|");
        foreach (PublishedNetwork network in options.Networks)
        {
            Action first = Step(managed, network, options.Size);
            Action second = Step(libtorch, network, options.Size);
            foreach (Action step in new[] { first, second })
            {
                for (var warm = Stopwatch.StartNew(); warm.Elapsed < s_warmUp;)
                    step();
            }

            (var ours, var theirs) = (new double[options.Rounds], new double[options.Rounds]);
            for (int i = 0; i < options.Rounds; i++)
                (ours[i], theirs[i]) = (Time(first), Time(second));
            Console.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"| {network.Name} | {Comparison.Median(ours):F1} ({ours.Min():F1}) |") + Comparison.Columns(theirs, ours));
        }

        double Time(Action step)
        {
            // The other side has just had the caches.
            step();
            Libtorch.Wait(libtorch);
            long start = Stopwatch.GetTimestamp();
            step();
            Libtorch.Wait(libtorch);
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
    }

    private static Action Step(TensorBackend engine, PublishedNetwork published, int size)
    {
        using TensorBackend.EngineScope use = TensorBackend.Use(engine);
        Module network = published.Create().Module;
        Tensor image = Tensor.Full([1, 3, size, size], 0.5f);
        var optimizer = new Adam(network.Parameters());
        return () =>
        {
            // What a network makes on its way, masks and ranges, is made on the thread's engine.
            using TensorBackend.EngineScope step = TensorBackend.Use(engine);
            using TensorScope scope = TensorScope.Enter();
            network.ZeroGradients();
            Tensor output = network.Call(image);
            output.L1Loss(Tensor.Zeros(output.Shape, engine)).Backward();
            optimizer.Step();
        };
    }
}
