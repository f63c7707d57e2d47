using System.Diagnostics;
using Gir.Models.Training;
using Gir.Models.Zoo;

namespace Gir.Models.Tests.Training;

/// <summary>The training of the tests in a process of its own, to be killed.</summary>
internal static class TrainingProcess
{
    public const string Waiting = "waiting";

    /// <summary>The entry point: arguments are folder, iterations, and the step in whose validation to wait for ever (0: goes on to the end).</summary>
    public static int Main(string[] arguments)
    {
        if (arguments is ["ugpnet", string output])
        {
            Generative.UgpNetTrainingTests.Tiny(output).Run(new Rows());
            return 0;
        }

        if (arguments is not [string folder, string iterations, string waitAt])
            return 2;
        int calls = 0;
        double Rate(RestorationNetwork network, CancellationToken token)
        {
            if (++calls * 2 == int.Parse(waitAt))
            {
                Console.WriteLine(Waiting);
                Thread.Sleep(Timeout.Infinite);
            }

            return TrainingFixture.Rate(network, token);
        }

        new Trainer(TrainingFixture.Network(), TrainingFixture.Source(), Options(folder, int.Parse(iterations)), Rate).Run();
        return 0;
    }

    public static TrainerOptions Options(string folder, int iterations) => TrainingFixture.Options with { Output = folder, Iterations = iterations, SaveEvery = 3 };

    public static Process StartUgpNet(string folder) => Process.Start(
        new ProcessStartInfo("dotnet", ["exec", typeof(TrainingProcess).Assembly.Location, "ugpnet", folder]) { RedirectStandardOutput = true })!;

    public static Process Start(string folder, int iterations, int waitAt) => Process.Start(
        new ProcessStartInfo("dotnet", ["exec", typeof(TrainingProcess).Assembly.Location, folder, $"{iterations}", $"{waitAt}"]) { RedirectStandardOutput = true })!;

    // Waits for ever after a row that the killer waits for.
    private sealed class Rows : IProgress<Gir.Models.Generative.GenerativeTrainingProgress>
    {
        public void Report(Gir.Models.Generative.GenerativeTrainingProgress value)
        {
            Console.WriteLine($"{value.Stage} {value.Step}");
            if (value is { Stage: "prior", Step: 4 })
                Thread.Sleep(Timeout.Infinite);
        }
    }
}
