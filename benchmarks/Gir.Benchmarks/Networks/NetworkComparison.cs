using System.Diagnostics;
using System.Globalization;
using Gir.Benchmarks.Peers;
using Gir.Imaging.Random;
using Gir.Models.Nn;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;
using Gir.Models.Tensors.Backends.Cpu;

namespace Gir.Benchmarks.Networks;

/// <summary>Whole networks of published size, forward on 1 x 3 x N x N, against peers with the same weights, pass by pass in turn.</summary>
internal sealed class NetworkComparison(NetworkComparisonOptions options, IReadOnlyList<INetworkPeer> peers)
{
    private const double Mebibyte = 1 << 20;

    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(3);

    private readonly CpuBackend _backend = new(new CpuBackendOptions { MaxDegreeOfParallelism = options.Threads });
    private readonly OperatorProfile _profile = new();

    /// <summary>Prints a row for every network whose name contains the filter.</summary>
    public void Run()
    {
        TensorBackend.Default = new ProfilingBackend(_backend, _profile);
        Console.WriteLine($"1x3x{options.Size}x{options.Size}, {options.Threads} thread(s), {options.Rounds} rounds");
        Console.WriteLine(
            "| network | GFLOP | Gir, median (best) ms | of peak | peak MiB: tensors, process | bytes allocated |"
            + string.Concat(peers.Select(p => $" {p.Name}, median (best) ms | {p.Name} / Gir | of bests | difference |")));
        Console.WriteLine("|---|---:|---:|---:|---:|---:|" + string.Concat(peers.Select(_ => "---:|---:|---:|---:|")));
        foreach (PublishedNetwork network in options.Networks)
            Compare(network);
    }

    /// <summary>Prints where one network's time goes, by operator.</summary>
    public static void Profile(NetworkComparisonOptions options)
    {
        PublishedNetwork published = options.Networks.First();
        var profile = new OperatorProfile();
        TensorBackend.Default = new ProfilingBackend(new CpuBackend(new CpuBackendOptions { MaxDegreeOfParallelism = options.Threads }), profile);
        Module network = published.Create().Module;
        Tensor image = Tensor.From(Image(options.Size), [1, 3, options.Size, options.Size]);
        Forward(network, image);
        profile.Clear();
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < options.Rounds; i++)
            Forward(network, image);
        double total = Stopwatch.GetElapsedTime(start).TotalMilliseconds / options.Rounds;
        double inside = profile.Entries.Sum(e => e.Milliseconds) / options.Rounds;
        double best = profile.Entries.Sum(e => e.BestMilliseconds) / options.Rounds;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{published.Name}: {total:F1} ms a pass, of which {inside:F1} ms in operators; {best:F1} ms if each were as fast as its fastest call"));
        Console.WriteLine("| operator | calls | ms | if as the fastest | share | GFLOP/s |\n|---|---:|---:|---:|---:|---:|");
        foreach (OperatorProfile.Entry entry in profile.Entries.Take(40))
        {
            double fastest = entry.BestMilliseconds / options.Rounds;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {entry.Name} | {entry.Calls / options.Rounds} | {entry.Milliseconds / options.Rounds:F2} | {fastest:F2} | {100 * fastest / best:F1} % | {(entry.Operations == 0 ? "" : $"{entry.Operations / (entry.BestMilliseconds * 1e6):F0}")} |"));
        }
    }

    private static float[] Image(int size)
    {
        var values = new float[3 * size * size];
        Philox4x32.FillUniform(values, 1);
        return values;
    }

    private static void Forward(Module network, Tensor image)
    {
        using Tape.NoGradientScope quiet = Tape.NoGradient();
        using TensorScope scope = TensorScope.Enter();
        network.Call(image);
    }

    private void Compare(PublishedNetwork published)
    {
        float[] values = Image(options.Size);
        Module network = published.Create().Module;
        Tensor image = Tensor.From(values, [1, 3, options.Size, options.Size]);
        // A first pass compiles the code and counts operations; memory is measured in the second.
        _profile.Clear();
        _profile.IsOn = true;
        float[] expected = Result(network, image);
        _profile.IsOn = false;
        (long tensors, long resident, long allocated) = Memory(network, image);
        INetworkPass[] others = [.. peers.Select(p => p.Open(published, values, options.Size))];
        double[] differences = [.. others.Select(o => Difference(expected, o.Result()))];

        // The compiler works beside the first seconds of a short network's passes, and takes one of the cores.
        WarmUp(() => Forward(network, image));
        foreach (INetworkPass other in others)
            WarmUp(other.Run);

        var ours = new double[options.Rounds];
        double[][] theirs = [.. peers.Select(_ => new double[options.Rounds])];
        var shares = new double[options.Rounds];
        for (int i = 0; i < options.Rounds; i++)
        {
            // A first, uncounted pass each: the other sides have just had the caches, and their threads still wait for more.
            Forward(network, image);
            double peak = EnginePeak.Measure(options.Threads);
            ours[i] = Time(() => Forward(network, image));
            // Of the rate just before or after: the machine is not equally fast from one minute to the next.
            shares[i] = _profile.Operations / (ours[i] * 1e6) / Math.Max(peak, EnginePeak.Measure(options.Threads));
            for (int p = 0; p < others.Length; p++)
            {
                others[p].Run();
                theirs[p][i] = Time(others[p].Run);
            }
        }

        foreach (INetworkPass other in others)
            other.Dispose();
        string row = string.Create(
            CultureInfo.InvariantCulture,
            $"| {published.Name} | {_profile.Operations / 1e9:F1} | {Comparison.Median(ours):F1} ({ours.Min():F1}) | {100 * Comparison.Median(shares):F0} % | {tensors / Mebibyte:F0}, {resident / Mebibyte:F0} | {allocated} |");
        Console.WriteLine(row + string.Concat(theirs.Zip(differences, (t, d) => Comparison.Columns(t, ours) + string.Create(CultureInfo.InvariantCulture, $" {d:E1} |"))));
    }

    private static void WarmUp(Action pass)
    {
        for (var warm = Stopwatch.StartNew(); warm.Elapsed < s_warmUp;)
            pass();
    }

    private static double Time(Action pass)
    {
        long start = Stopwatch.GetTimestamp();
        pass();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static float[] Result(Module network, Tensor image)
    {
        using Tape.NoGradientScope quiet = Tape.NoGradient();
        using TensorScope scope = TensorScope.Enter();
        return network.Call(image).ToArray();
    }

    // Of the largest value.
    private static double Difference(float[] expected, float[] found) =>
        expected.Zip(found, (e, f) => MathF.Abs(e - f)).Max() / expected.Max(MathF.Abs);

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
}
