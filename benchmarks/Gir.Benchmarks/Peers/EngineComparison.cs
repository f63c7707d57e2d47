using System.Diagnostics;
using System.Globalization;
using Gir.Imaging.Random;
using Gir.Models.Backbones.StyleGan2;
using Gir.Models.Nn;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;
using Gir.Models.Tensors.Backends.Cpu;
using Gir.Models.Training;

namespace Gir.Benchmarks.Peers;

/// <summary>The tensor engine's operators and training steps against peers, sample by sample in turn.</summary>
internal sealed class EngineComparison(TensorBackend backend, IReadOnlyList<IPeer> peers, int threads, int rounds, string? filter)
{
    private ulong _seed;

    // Cases that are to be measured later; for scaling, in turn with those of several threads.
    private Dictionary<string, Action>? _noted;
    private Dictionary<string, Action>? _counterparts;
    private CopyRate? _copying;

    /// <summary>Compares all cases whose name contains the filter; without peers only Gir is measured.</summary>
    public static void Run(IReadOnlyList<IPeer> peers, int threads, int rounds, string? filter)
    {
        Console.WriteLine(
            "| case | Gir, median (best) ms | best GFLOP/s | of peak | bytes allocated |"
            + string.Concat(peers.Select(p => $" {p.Name}, median (best) ms | {p.Name} / Gir | of bests |")));
        Console.WriteLine("|---|---:|---:|---:|---:|" + string.Concat(peers.Select(_ => "---:|---:|---:|")));
        TensorBackend backend = Engine(threads);
        using TensorBackend.EngineScope use = TensorBackend.Use(backend);
        new EngineComparison(backend, peers, threads, rounds, filter).Compare();
    }

    /// <summary>The cases on an engine, by name; null is the managed one on one thread.</summary>
    public static IReadOnlyDictionary<string, Action> Cases(TensorBackend? engine = null, string? filter = null)
    {
        TensorBackend backend = engine ?? Engine(1);
        using TensorBackend.EngineScope use = TensorBackend.Use(backend);
        var noting = new EngineComparison(backend, [], 1, 0, filter) { _noted = [] };
        noting.Compare();
        return noting._noted.ToDictionary(c => c.Key, c => (Action)(() => On(backend, c.Value)));
    }

    /// <summary>Times Gir with one thread and with several in turn, beside what the same threads gain in pure arithmetic and in copying memory.</summary>
    public static void RunScaling(int threads, int rounds, string? filter)
    {
        var one = new Dictionary<string, Action>(Cases(filter: filter));
        Console.WriteLine(
            $"| case | 1 thread, median (best) ms | {threads} threads, median (best) ms | gain | of bests | gain of arithmetic | gain of copying |\n|---|---:|---:|---:|---:|---:|---:|");
        using var copying = new CopyRate(threads);
        TensorBackend backend = Engine(threads);
        using TensorBackend.EngineScope use = TensorBackend.Use(backend);
        new EngineComparison(backend, [], threads, rounds, filter) { _counterparts = one, _copying = copying }.Compare();
    }

    // A case runs on its own engine, whichever the thread has: what an operator makes on its way is made on the thread's.
    private static void On(TensorBackend engine, Action work)
    {
        using TensorBackend.EngineScope use = TensorBackend.Use(engine);
        work();
    }

    private static CpuBackend Engine(int threads) => new(new CpuBackendOptions { MaxDegreeOfParallelism = threads });

    private void Compare()
    {
        Convolution("conv3x3 64->64 256", 64, 64, 256, 3);
        Convolution("conv3x3 3->64 256", 3, 64, 256, 3);
        Convolution("conv3x3 64->3 256", 64, 3, 256, 3);
        Convolution("conv5x5 64->32 256", 64, 32, 256, 5);
        Convolution("conv9x9 3->64 256", 3, 64, 256, 9);
        Convolution("conv1x1 192->192 128", 192, 192, 128, 1);
        Convolution("depthwise3x3 192 128", 192, 192, 128, 3, 192);
        Product("gemm 512", 512);
        Product("gemm 1024", 1024);
        foreach (int outputs in new[] { 540, 180, 360 })
            Linear($"linear 16384x180->{outputs}", outputs);
        LinearGradients("linear gradients 16384x180->360", 360);
        Attention("attention 1536x64x30");
        Tensor scores = Random(1536, 64, 64);
        Add("softmax 1536x64x64", 0, () => scores.Softmax(-1));
        (Tensor tokens, Tensor gain, Tensor shift) = (Random(16384, 180), Random(180), Random(180));
        Add("layer norm 16384x180", 0, () => tokens.LayerNorm(gain, shift));
        (Tensor image, Tensor channelGain, Tensor channelShift) = (Random(1, 64, 256, 256), Random(64), Random(64));
        Add("channel norm 64x256x256", 0, () => image.LayerNorm2d(channelGain, channelShift));
        Tensor hidden = Random(16384, 360);
        Add("gelu 16384x360", 0, () => hidden.Gelu());
        Add("relu 64x256x256", 0, () => image.Relu());
        Add("add 64x256x256", 0, () => image.Add(image));
        Add("permute 64x256x256", 0, () => image.Permute(0, 2, 3, 1));
        StyleGan();
        Training("train srcnn 8x3x64x64", new Sequential(
            new Conv2d(3, 64, 9, padding: 4, seed: 1), Activation(), new Conv2d(64, 32, 5, padding: 2, seed: 2), Activation(), new Conv2d(32, 3, 5, padding: 2, seed: 3)));
        Training("train srresnet 8x3x64x64", new Sequential(
            [new Conv2d(3, 64, 3, padding: 1, seed: 1), Activation(), .. Enumerable.Range(0, 16).Select(i => new Residual((ulong)i)), new Conv2d(64, 3, 3, padding: 1, seed: 2)]));
    }

    private void StyleGan()
    {
        (Tensor x, Tensor weight, Tensor style) = (Random(8, 64, 64, 64), Random(64, 64, 3, 3), Random(8, 64));
        var enlarge = new FirFilter([0.25f, 0.75f, 0.75f, 0.25f], up: 2, before: 2, after: 1);
        var smooth = new FirFilter([0.125f, 0.375f, 0.375f, 0.125f], before: 2, after: 2);
        Add("upfirdn2d up 2 8x64x64x64", 0, () => x.UpFirDn2d(enlarge, enlarge));
        Add("upfirdn2d 8x64x64x64", 0, () => x.UpFirDn2d(smooth, smooth));
        Add("minibatch deviation 8x64x64x64", 0, () => x.MinibatchDeviation());
        Add("modulated conv3x3 8x64x64x64", 2.0 * 8 * 64 * 64 * 9 * 64 * 64, () => x.ModulatedConv2d(weight, style));
        const string Penalty = "gradient penalty conv3x3 8x64x64x64";
        if (!Wanted(Penalty))
            return;
        x.RequiresGradient = weight.RequiresGradient = true;
        Measure(Penalty, 0, () =>
        {
            using TensorScope step = TensorScope.Enter();
            (x.Gradient, weight.Gradient) = (null, null);
            Tape.Gradients(x.Conv2d(weight, padding: 1).BiasLeakyRelu(null).Square(), x)[0].Square().Sum().Backward();
        });
    }

    private void Convolution(string name, int inputs, int outputs, int size, int kernel, int groups = 1)
    {
        (Tensor x, Tensor weight, Tensor bias) = (Random(1, inputs, size, size), Random(outputs, inputs / groups, kernel, kernel), Random(outputs));
        double work = 2.0 * outputs * (inputs / groups) * kernel * kernel * size * size;
        Add(name, work, () => x.Conv2d(weight, bias, padding: kernel / 2, groups: groups));
    }

    private void Product(string name, int size)
    {
        (Tensor a, Tensor b) = (Random(size, size), Random(size, size));
        Add(name, 2.0 * size * size * size, () => a.MatMul(b));
    }

    private void Linear(string name, int outputs)
    {
        (Tensor x, Tensor weight, Tensor bias) = (Random(16384, 180), Random(outputs, 180), Random(outputs));
        Add(name, 2.0 * 16384 * 180 * outputs, () => x.Linear(weight, bias));
    }

    private void LinearGradients(string name, int outputs)
    {
        (Tensor x, Tensor weight, Tensor dy) = (Random(16384, 180), Random(outputs, 180), Random(16384, outputs));
        Add(name, 4.0 * 16384 * 180 * outputs, () =>
        {
            Tensor dx = Tensor.Empty(x.Shape, backend);
            Tensor dweight = Tensor.Empty(weight.Shape, backend);
            backend.MatMul(dy, false, weight, false, null, dx);
            backend.MatMul(dy, true, x, false, null, dweight);
        });
    }

    private void Attention(string name)
    {
        (Tensor q, Tensor k, Tensor v) = (Random(256, 6, 64, 30), Random(256, 6, 64, 30), Random(256, 6, 64, 30));
        Tensor bias = Random(6, 64, 64);
        Add(name, 4.0 * 1536 * 64 * 64 * 30, () => TensorOps.Attention(q, k, v, 0.18257419f, bias));
    }

    private void Training(string name, Module model)
    {
        if (!Wanted(name))
            return;
        var optimizer = new Adam(model.Parameters(), 2e-4);
        (Tensor x, Tensor target) = (Random(8, 3, 64, 64), Random(8, 3, 64, 64));
        Measure(name, 0, () =>
        {
            using TensorScope step = TensorScope.Enter();
            model.ZeroGradients();
            model.Call(x).L1Loss(target).Backward();
            optimizer.Step();
        });
    }

    private void Add(string name, double work, Action run)
    {
        if (!Wanted(name))
            return;
        Measure(name, work, () =>
        {
            using Tape.NoGradientScope quiet = Tape.NoGradient();
            using TensorScope scope = TensorScope.Enter();
            run();
        });
    }

    private bool Wanted(string name) => filter is null || name.Contains(filter, StringComparison.Ordinal);

    private void Measure(string name, double work, Action run)
    {
        if (_noted is not null)
        {
            _noted[name] = run;
            return;
        }

        if (_counterparts is not null)
        {
            MeasureScaling(name, _counterparts[name], run);
            return;
        }

        for (var warm = Stopwatch.StartNew(); warm.ElapsedMilliseconds < 500;)
            run();
        bool[] present = [.. peers.Select(p => p.Run(name) >= 0 && p.Run(name) >= 0)];

        long before = GC.GetAllocatedBytesForCurrentThread();
        run();
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        var ours = new double[rounds];
        double[][] theirs = [.. peers.Select(_ => new double[rounds])];
        double highest = 0;
        for (int i = 0; i < rounds; i++)
        {
            // A first, uncounted call each: the other sides have just had the caches.
            run();
            double peak = EnginePeak.Measure(threads);
            long start = Stopwatch.GetTimestamp();
            run();
            ours[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            peak = Math.Max(peak, EnginePeak.Measure(threads));
            highest = Math.Max(highest, peak);
            for (int p = 0; p < peers.Count; p++)
            {
                if (!present[p])
                    continue;
                peers[p].Run(name);
                theirs[p][i] = peers[p].Run(name);
            }
        }

        double best = ours.Min();
        string rate = work == 0 ? "|" : string.Create(CultureInfo.InvariantCulture, $"{work / (best * 1e6):F0} | {100 * work / (best * 1e6) / highest:F0} %");
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"| {name} | {Comparison.Median(ours):F2} ({best:F2}) | {rate} | {allocated} |")
            + string.Concat(theirs.Zip(present, (t, isThere) => isThere ? Comparison.Columns(t, ours, "F2") : " | | |")));
    }

    private void MeasureScaling(string name, Action one, Action many)
    {
        var warm = Stopwatch.StartNew();
        for (int i = 0; i < 4 || warm.ElapsedMilliseconds < 500; i++)
        {
            one();
            many();
        }

        var single = new double[rounds];
        var several = new double[rounds];
        var arithmetic = new double[rounds];
        var copying = new double[rounds];
        for (int i = 0; i < rounds; i++)
        {
            double peak = EnginePeak.Measure(1);
            single[i] = Time(one);
            several[i] = Time(many);
            arithmetic[i] = EnginePeak.Measure(threads) / peak;
            double rate = _copying!.Measure(1);
            copying[i] = _copying.Measure(threads) / rate;
        }

        double gain = Comparison.Median([.. single.Zip(several, (s, m) => s / m)]);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {Comparison.Median(single):F2} ({single.Min():F2}) | {Comparison.Median(several):F2} ({several.Min():F2}) | {gain:F2} | {single.Min() / several.Min():F2} | {Comparison.Median(arithmetic):F2} | {Comparison.Median(copying):F2} |"));

        static double Time(Action run)
        {
            // A first, uncounted call: the other engine has just had the caches.
            run();
            long start = Stopwatch.GetTimestamp();
            run();
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
    }

    private Tensor Random(params ReadOnlySpan<int> sizes)
    {
        TensorShape shape = TensorShape.Create(sizes);
        var values = new float[shape.Length];
        Philox4x32.FillGaussian(values, ++_seed);
        return Tensor.From(values, shape, backend);
    }

    private static Function Activation() => new(x => x.Relu());

    private sealed class Residual : Module
    {
        private readonly Conv2d _first;
        private readonly Conv2d _second;

        public Residual(ulong seed)
        {
            _first = Child("conv1", new Conv2d(64, 64, 3, padding: 1, seed: seed));
            _second = Child("conv2", new Conv2d(64, 64, 3, padding: 1, seed: seed + 100));
        }

        protected override Tensor Forward(Tensor x) => x + _second.Call(_first.Call(x).Relu());
    }
}
