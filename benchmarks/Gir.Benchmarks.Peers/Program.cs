// Gir beside what a .NET program would use in its place, in one process, in turn; benchmarks/README.md says how to run it.
using Gir.Benchmarks;
using Gir.Benchmarks.Networks;
using Gir.Benchmarks.Peers;

const string Usage = """
    compare-networks  [--threads 2] [--size 128] [--rounds 5] [--filter NAME] [--device cpu]   whole networks: libtorch, ONNX Runtime
    compare-training  [--threads 2] [--size 64] [--rounds 5] [--filter NAME] [--device cpu]    training steps: libtorch
    compare-engine    [--threads 1] [--rounds 15] [--filter CASE] [--device cpu]               operators and training steps: libtorch, by hand and by Gir.Models.TorchSharp
    compare-images    [--image FILE.png] [--rounds 15] [--filter CASE]                         degradations and codecs: OpenCvSharp, SkiaSharp
    """;

if (args is not [string command, .. string[] rest])
{
    Console.Error.WriteLine(Usage);
    return 2;
}

var asked = new Arguments(rest);
string device = asked.Text("--device") ?? "cpu";
switch (command)
{
    case "compare-networks":
        NetworkComparisonOptions networks = NetworkComparisonOptions.Of(asked, threads: 2);
        new NetworkComparison(networks, [new TorchNetworkPeer(Libtorch.Engine(device, networks.Threads)), new OnnxNetworkPeer(networks.Threads)]).Run();
        return 0;
    case "compare-training":
        NetworkComparisonOptions trained = NetworkComparisonOptions.Of(asked, threads: 2, size: 64);
        TrainingComparison.Run(trained, Libtorch.Engine(device, trained.Threads));
        return 0;
    case "compare-engine":
        int threads = asked.Number("--threads", 1);
        string? filter = asked.Text("--filter");
        var engine = Libtorch.Engine(device, threads);
        IReadOnlyDictionary<string, Action> cases = EngineComparison.Cases(engine, filter);
        EngineComparison.Run(
            [new LocalPeer("libtorch", new TorchOperators(engine.Device).Find), new LocalPeer("libtorch by Gir", name => cases.GetValueOrDefault(name))],
            threads, asked.Number("--rounds", 15), filter);
        return 0;
    case "compare-images":
        DegradationComparison.Run(
            (png, jpeg) => [new LocalPeer("OpenCV", new OpenCvCases(png, jpeg).Find), new LocalPeer("SkiaSharp", new SkiaCases(png, jpeg).Find)],
            asked.Text("--image"), asked.Number("--rounds", 15), asked.Text("--filter"));
        return 0;
    default:
        Console.Error.WriteLine(Usage);
        return 2;
}
