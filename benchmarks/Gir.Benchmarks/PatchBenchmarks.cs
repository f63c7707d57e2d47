using BenchmarkDotNet.Attributes;
using Gir.Degradations;
using Gir.Degradations.Tasks;
using Gir.Imaging;
using Gir.Imaging.Random;
using Gir.Imaging.Scenes;

namespace Gir.Benchmarks;

/// <summary>Training on the fly: random five-step pipelines without weather on 128x128 RGB patches, one thread.</summary>
[MemoryDiagnoser]
public class PatchBenchmarks
{
    private const int PipelineCount = 64;

    private readonly List<DegradationPipeline> _pipelines = [];
    private ImageBuffer _patch = new(1, 1, 1);
    private ulong _seed;

    /// <summary>Draws the patch and the pipelines.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _patch = SceneGenerator.Create(1, 128, 128).Image.Quantized();
        var random = new PhiloxRandom(1);
        while (_pipelines.Count < PipelineCount)
        {
            // Weather is prepared on whole images ahead.
            DegradationPipeline pipeline = RandomTaskSampler.SamplePipeline(random, 5);
            if (!pipeline.Operators.Any(o => DegradationCatalog.Find(o.Name).IsWeather))
                _pipelines.Add(pipeline);
        }
    }

    /// <summary>64 patches, each through its own pipeline.</summary>
    [Benchmark(OperationsPerInvoke = PipelineCount)]
    public void FiveSteps()
    {
        foreach (DegradationPipeline pipeline in _pipelines)
            ImagePool.Return(pipeline.Degrade(_patch, _seed++));
    }
}
