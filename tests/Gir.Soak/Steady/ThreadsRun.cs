using System.Diagnostics;
using System.Globalization;
using Gir.Imaging;
using Gir.Imaging.Scenes;
using Gir.Models.Restoration;

namespace Gir.Soak.Steady;

/// <summary>One restorer for many threads: no bit differs from what one thread gets.</summary>
internal static class ThreadsRun
{
    private const int Pictures = 8;

    public static void Run(SoakLog log, int jobs, int threads)
    {
        ImageBuffer[] images = [.. Enumerable.Range(0, Pictures).Select(i => SceneGenerator.Create((ulong)i, 32 + (8 * i), 88 - (8 * i)).Image)];
        foreach (string name in (string[])["gir-v1", "non-local-means", "richardson-lucy", "dark-channel"])
        {
            IRestorer restorer = Restorers.Create(name);
            float[][] alone = [.. images.Select(i => restorer.Restore(i).Array)];
            long start = Stopwatch.GetTimestamp();
            int next = -1;
            int different = 0;
            Thread[] workers = [.. Enumerable.Range(0, threads).Select(_ => new Thread(() =>
            {
                for (int job = Interlocked.Increment(ref next); job < jobs; job = Interlocked.Increment(ref next))
                {
                    int picture = job % Pictures;
                    if (!restorer.Restore(images[picture]).Samples.SequenceEqual(alone[picture]))
                        Interlocked.Increment(ref different);
                }
            }))];
            foreach (Thread worker in workers)
                worker.Start();
            foreach (Thread worker in workers)
                worker.Join();
            log.Tell(string.Create(CultureInfo.InvariantCulture, $"threads: {name}, {jobs} images on {threads} threads, {different} differ, {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s"));
            if (different > 0)
                log.Fail($"threads: {different} of {jobs} images of {name} differ");
        }
    }
}
