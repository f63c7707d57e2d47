using System.Diagnostics;
using System.Globalization;
using Gir.Benchmarks.Peers;
using Gir.Imaging.Random;
using Gir.Models.Nn;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;
using Gir.Models.Tensors.Backends.Cpu;

namespace Gir.Benchmarks.Networks;

/// <summary>Whole networks of published size, forward on 1 x 3 x N x N, against PyTorch, pass by pass in turn.</summary>
internal sealed class NetworkComparison(NetworkComparisonOptions options)
{
    private const double Mebibyte = 1 << 20;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    private readonly CpuBackend _backend = new(new CpuBackendOptions { MaxDegreeOfParallelism = options.Threads });
    private readonly OperatorProfile _profile = new();

    /// <summary>Prints a row for every network whose name contains the filter; without a python only Gir is measured.</summary>
    public void Run()
    {
        TensorBackend.Default = new ProfilingBackend(_backend, _profile);
        Console.WriteLine($"1x3x{options.Size}x{options.Size}, {options.Threads} thread(s), {options.Rounds} rounds");
        Console.WriteLine("| network | GFLOP | Gir, median (best) ms | of peak | peak MiB: tensors, process | bytes allocated | torch, median (best) ms | peak MiB | torch / Gir | of bests |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach ((string name, Func<Module> create) in PublishedNetworks.All)
        {
            if (options.Filter is null || name.Contains(options.Filter, StringComparison.OrdinalIgnoreCase))
                Compare(name, create());
        }
    }

    /// <summary>Prints where one network's time goes, by operator.</summary>
    public static void Profile(NetworkComparisonOptions options)
    {
        (string name, Func<Module> create) = PublishedNetworks.All.First(n => n.Name.Contains(options.Filter ?? "", StringComparison.OrdinalIgnoreCase));
        var profile = new OperatorProfile();
        TensorBackend.Default = new ProfilingBackend(new CpuBackend(new CpuBackendOptions { MaxDegreeOfParallelism = options.Threads }), profile);
        Module network = create();
        Tensor image = Image(options.Size);
        Forward(network, image);
        profile.Clear();
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < options.Rounds; i++)
            Forward(network, image);
        double total = Stopwatch.GetElapsedTime(start).TotalMilliseconds / options.Rounds;
        double inside = profile.Entries.Sum(e => e.Milliseconds) / options.Rounds;
        double best = profile.Entries.Sum(e => e.BestMilliseconds) / options.Rounds;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{name}: {total:F1} ms a pass, of which {inside:F1} ms in operators; {best:F1} ms if each were as fast as its fastest call"));
        Console.WriteLine("| operator | calls | ms | if as the fastest | share | GFLOP/s |\n|---|---:|---:|---:|---:|---:|");
        foreach (OperatorProfile.Entry entry in profile.Entries.Take(40))
        {
            double fastest = entry.BestMilliseconds / options.Rounds;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {entry.Name} | {entry.Calls / options.Rounds} | {entry.Milliseconds / options.Rounds:F2} | {fastest:F2} | {100 * fastest / best:F1} % | {(entry.Operations == 0 ? "" : $"{entry.Operations / (entry.BestMilliseconds * 1e6):F0}")} |"));
        }
    }

    private static Tensor Image(int size)
    {
        var values = new float[3 * size * size];
        Philox4x32.FillUniform(values, 1);
        return Tensor.From(values, [1, 3, size, size]);
    }

    private static void Forward(Module network, Tensor image)
    {
        using Tape.NoGradientScope quiet = Tape.NoGradient();
        using TensorScope scope = TensorScope.Enter();
        network.Call(image);
    }

    private void Compare(string name, Module network)
    {
        Tensor image = Image(options.Size);
        // A first pass compiles the code and counts operations; memory is measured in the second.
        _profile.Clear();
        _profile.IsOn = true;
        Forward(network, image);
        _profile.IsOn = false;
        (long tensors, long resident, long allocated) = Memory(network, image);
        using PeerProcess? peer = options.Python is null
            ? null
            : new PeerProcess(options.Python, options.Script, options.Threads, $"{options.Threads}", $"{options.Size}", name);
        if (peer is not null && peer.Ask("parameters") is var theirCount && theirCount != network.ParameterCount())
            throw new InvalidOperationException($"{name}: the peer's network has {theirCount} parameters, Gir's {network.ParameterCount()}: they are not the same.");
        double? theirMemory = peer?.Ask("memory") / Mebibyte;

        // The compiler works beside the first seconds of a short network's passes, and takes one of the cores.
        for (var warm = Stopwatch.StartNew(); warm.Elapsed < WarmUp;)
            Forward(network, image);
        for (var warm = Stopwatch.StartNew(); peer is not null && warm.Elapsed < WarmUp;)
            peer.Run("run");

        var ours = new double[options.Rounds];
        var theirs = new double[options.Rounds];
        var shares = new double[options.Rounds];
        for (int i = 0; i < options.Rounds; i++)
        {
            // A first, uncounted pass each: the other side has just had the caches, and its threads still wait for more.
            Forward(network, image);
            double peak = EnginePeak.Measure(options.Threads);
            long start = Stopwatch.GetTimestamp();
            Forward(network, image);
            ours[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            // Of the rate just before or after: the machine is not equally fast from one minute to the next.
            shares[i] = _profile.Operations / (ours[i] * 1e6) / Math.Max(peak, EnginePeak.Measure(options.Threads));
            peer?.Run("run");
            theirs[i] = peer?.Run("run") ?? double.NaN;
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {_profile.Operations / 1e9:F1} | {Median(ours):F1} ({ours.Min():F1}) | {100 * Median(shares):F0} % | {tensors / Mebibyte:F0}, {resident / Mebibyte:F0} | {allocated} | {Median(theirs):F1} ({theirs.Min():F1}) | {theirMemory:F0} | {Median([.. theirs.Zip(ours, (t, o) => t / o)]):F2} | {theirs.Min() / ours.Min():F2} |"));
    }

    // Weights and input are there before; both sides count what a pass needs on top.
    private (long Tensors, long Resident, long Allocated) Memory(Module network, Tensor image)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        _backend.Memory.Trim();
        _backend.Memory.ResetPeak();
        ProcessMemory.ResetPeak();
        (long before, long residentBefore) = (_backend.Memory.BytesInUse, ProcessMemory.Resident);
        long allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        Forward(network, image);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;
        return (_backend.Memory.PeakBytesInUse - before, Math.Max(0, ProcessMemory.Peak - residentBefore), allocated);
    }

    private static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
