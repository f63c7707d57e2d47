using System.Text;
using System.Text.Json;
using Gir.Imaging;
using Gir.Imaging.Files;
using Gir.Imaging.Random;
using Gir.Models.Restoration;
using Gir.Models.Tensors;

namespace Gir.Evaluation.Studies;

/// <summary>What a restoration costs: the other side of quality.</summary>
/// <param name="Restorer">The restorer's name.</param>
/// <param name="Height">Rows of the image that was restored.</param>
/// <param name="Width">Columns of the image that was restored.</param>
/// <param name="ParameterCount">Learned parameters; 0 for classical methods.</param>
/// <param name="MultiplyAdds">
/// Multiply-adds of convolutions, matrix products and attention for this image; 0 for restorers that are no networks of this library. Papers that count multiplications
/// and additions apart ("FLOPs") give twice as many.
/// </param>
/// <param name="Seconds">The median time of a restoration, on this machine and its threads.</param>
public sealed record RestorationCost(string Restorer, int Height, int Width, long ParameterCount, long MultiplyAdds, double Seconds)
{
    private const int MostRepeats = 1000;
    private const int SmallestSide = 16;
    private const int LargestSide = 16384;

    /// <summary>Writes costs as a JSON array, beside the file, and renames it into place.</summary>
    /// <param name="path">The file; replaced where it exists.</param>
    /// <param name="costs">The costs.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(string path, IReadOnlyList<RestorationCost> costs)
    {
        ArgumentNullException.ThrowIfNull(costs);
        AtomicFile.Write(path, Encoding.UTF8.GetBytes(JsonSerializer.Serialize([.. costs], EvaluationJson.Indented.RestorationCostArray) + "\n"));
    }

    /// <summary>Restores a made-up color image several times: once to count and to warm up, then to take times.</summary>
    /// <remarks>Nothing else may compute at the time: operations are counted for the whole process, and times are those of the machine as it is.</remarks>
    /// <param name="restorer">The restorer.</param>
    /// <param name="height">Rows, 16..16384.</param>
    /// <param name="width">Columns, 16..16384.</param>
    /// <param name="repeats">How many times are taken, 1..1000.</param>
    /// <param name="time">The clock; null means the system's.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    /// <exception cref="InvalidOperationException">Another cost is being measured at the same time.</exception>
    public static RestorationCost Measure(
        IRestorer restorer, int height = 256, int width = 256, int repeats = 3, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(restorer);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, SmallestSide);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, LargestSide);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, SmallestSide);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, LargestSide);
        ArgumentOutOfRangeException.ThrowIfLessThan(repeats, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(repeats, MostRepeats);
        time ??= TimeProvider.System;
        var image = new ImageBuffer(3, height, width);
        Philox4x32.FillUniform(image.Samples, seed: 0);
        long operations;
        using (MultiplyAddMeter meter = MultiplyAddMeter.Start())
        {
            restorer.Restore(image, cancellationToken);
            operations = meter.Total;
        }

        var seconds = new double[repeats];
        for (int i = 0; i < repeats; i++)
        {
            long start = time.GetTimestamp();
            restorer.Restore(image, cancellationToken);
            seconds[i] = time.GetElapsedTime(start).TotalSeconds;
        }

        Array.Sort(seconds);
        return new RestorationCost(restorer.Info.Name, height, width, restorer.Info.ParameterCount, operations, seconds[repeats / 2]);
    }
}
