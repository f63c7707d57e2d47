using System.Reflection;
using BenchmarkDotNet.Attributes;
using Gir.Benchmarks.Peers;
using Gir.Degradations;
using Gir.Degradations.Tasks;
using Gir.Imaging;
using Gir.Imaging.Scenes;
using Gir.Models.Restoration;

namespace Gir.Benchmarks.Versions;

/// <summary>What two builds of Gir are both asked to do: the benchmarks of codecs, filters, metrics and patches, every operator, the classical restorers and the tensor engine.</summary>
internal sealed class VersionCases
{
    private const string Engine = "engine ";

    private static readonly string[] Operators =
    [
        .. RepresentativeTasks.Single.Select(t => t.Pipeline.ToString()),
        "blur(kind=motion)", "blur(kind=disk)", "noise(kind=poisson)", "noise(kind=speckle)", "noise(kind=salt-and-pepper)", "compression(kind=diff-jpeg)",
        "resize(convention=opencv)", "resize(convention=matlab)", "resize(convention=pillow)",
    ];

    private static readonly string[] ClassicalNames =
        ["gaussian", "median(size=3)", "median(size=5)", "unsharp", "richardson-lucy", "back-projection", "dark-channel", "inpainting"];

    private readonly Dictionary<string, Action> _cases = [];

    public VersionCases()
    {
        Add(new ImagingBenchmarks());
        Add(new PatchBenchmarks());
        Add(new MetricsBenchmarks());
        Scene scene = SceneGenerator.Create(1, 256, 384);
        ImageBuffer image = scene.Image.Quantized();
        foreach (string expression in Operators)
        {
            DegradationPipeline pipeline = DegradationPipeline.Parse(expression);
            ulong seed = 0;
            _cases[$"degrade {expression}"] = () => ImagePool.Return(pipeline.Degrade(image, seed++, depth: scene.Depth));
        }

        foreach (string name in ClassicalNames)
        {
            IRestorer restorer = ClassicalRestorers.Find(name);
            _cases[$"restore {name}"] = () => ImagePool.Return(restorer.Restore(image));
        }

        foreach ((string name, Action run) in EngineComparison.Cases())
            _cases[Engine + name] = run;
    }

    public IEnumerable<string> Names => _cases.Keys;

    /// <summary>The work of a name; null where this build has none.</summary>
    public Action? Find(string name) => _cases.GetValueOrDefault(name);

    private void Add(object benchmarks)
    {
        MethodInfo[] methods = benchmarks.GetType().GetMethods();
        var setup = new Lazy<object?>(() => methods.FirstOrDefault(m => m.IsDefined(typeof(GlobalSetupAttribute)))?.Invoke(benchmarks, null));
        foreach (MethodInfo method in methods.Where(m => m.IsDefined(typeof(BenchmarkAttribute))))
        {
            _cases[$"{benchmarks.GetType().Name}.{method.Name}"] = () =>
            {
                _ = setup.Value;
                method.Invoke(benchmarks, null);
            };
        }
    }
}
