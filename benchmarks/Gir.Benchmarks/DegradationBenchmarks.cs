using BenchmarkDotNet.Attributes;
using Gir.Degradations;
using Gir.Degradations.Tasks;
using Gir.Imaging;
using Gir.Imaging.Scenes;

namespace Gir.Benchmarks;

/// <summary>Each of the ten operators at representative strength, one thread.</summary>
public class DegradationBenchmarks
{
    private ImageBuffer _image = new(1, 1, 1);
    private ImageBuffer _depth = new(1, 1, 1);
    private DegradationTask _task = RepresentativeTasks.Single[0];
    private ulong _seed;

    /// <summary>The ten single tasks by number.</summary>
    [Params("1", "2", "3", "4", "5", "6", "7", "8", "9", "10")]
    public string Task { get; set; } = "1";

    /// <summary>Rows; three columns for two rows.</summary>
    [Params(128, 512)]
    public int Height { get; set; }

    /// <summary>Draws the scene.</summary>
    [GlobalSetup]
    public void Setup()
    {
        Scene scene = SceneGenerator.Create(1, Height, Height * 3 / 2);
        (_image, _depth) = (scene.Image, scene.Depth);
        _task = RepresentativeTasks.Single.First(t => t.Id == Task);
    }

    /// <summary>One image, a new seed each time.</summary>
    [Benchmark]
    public void Degrade() => ImagePool.Return(_task.Pipeline.Degrade(_image, _seed++, depth: _depth));
}
