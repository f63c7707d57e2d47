using System.Diagnostics;
using System.Globalization;
using Gir.Degradations;
using Gir.Imaging;
using Gir.Imaging.Codecs;
using Gir.Imaging.Random;
using Gir.Imaging.Scenes;
using Gir.Metrics.FullReference;
using Gir.Models.Restoration;

namespace Gir.Soak.Steady;

/// <summary>Many images of mixed sizes, each written, read, degraded, restored and measured: neither memory nor handles grow.</summary>
internal static class ImagesRun
{
    private const int Largest = 160;
    private const long MostGrowth = 48L << 20;
    private const int MostNewHandles = 8;

    public static void Run(SoakLog log, ulong seed, int count)
    {
        string folder = Directory.CreateTempSubdirectory("gir-soak-").FullName;
        IRestorer[] restorers = [Restorers.Create("gir-v1"), Restorers.Create("median"), Restorers.Create("unsharp")];
        DegradationPipeline pipeline = DegradationPipeline.Parse("resize + blur + noise + compression");
        ImageBuffer source = SceneGenerator.Create(seed, Largest, Largest).Image;
        var psnr = new Psnr();
        var ssim = new Ssim();
        long start = Stopwatch.GetTimestamp();
        // The largest size first: what is kept for it is kept for all.
        for (int i = 0; i < restorers.Length; i++)
            Once(i, Largest, Largest);
        int warm = Math.Max(8, count / 5);
        State before = default;
        State last = default;
        for (int i = 1; i <= count; i++)
        {
            var random = new PhiloxRandom(seed, (uint)i);
            Once(i, random.NextInteger(8, Largest), random.NextInteger(8, Largest));
            if (i == warm)
                before = State.Now();
            if (i == count)
                last = State.Now();
        }

        Directory.Delete(folder, recursive: true);
        log.Tell(string.Create(
            CultureInfo.InvariantCulture,
            $"images: {count} of 8..{Largest} pixels a side, {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s; from image {warm} to the last: managed {before.Managed / 1048576.0:0.0} to {last.Managed / 1048576.0:0.0} MiB, resident {before.Resident >> 20} to {last.Resident >> 20} MiB, open files {before.Files} to {last.Files}"));
        if (last.Managed - before.Managed > MostGrowth)
            log.Fail($"images: managed memory grew from {before.Managed} to {last.Managed} bytes");
        if (last.Resident - before.Resident > 2 * MostGrowth)
            log.Fail($"images: resident memory grew from {before.Resident} to {last.Resident} bytes");
        if (last.Files - before.Files > MostNewHandles)
            log.Fail($"images: open files grew from {before.Files} to {last.Files}");

        void Once(int number, int height, int width)
        {
            string format = (number % 4) switch { 0 => "png", 1 => "jpg", 2 => "bmp", _ => "npy" };
            string path = Path.Combine(folder, $"image.{format}");
            ImageFile.Save(path, source.Crop(0, 0, height, width), overwrite: true);
            ImageBuffer clean = ImageFile.Load(path);
            ImageBuffer degraded = pipeline.Degrade(clean, seed, $"image {number}");
            ImageBuffer restored = restorers[number % restorers.Length].Restore(degraded);
            ImageBuffer reference = clean.HasShapeOf(restored) ? clean : clean.Crop(0, 0, restored.Height, restored.Width);
            psnr.Measure(reference, restored);
            if (restored.Height >= 11 && restored.Width >= 11)
                ssim.Measure(reference, restored);
        }
    }

    private readonly record struct State(long Managed, long Resident, int Files)
    {
        public static State Now()
        {
            long managed = GC.GetTotalMemory(forceFullCollection: true);
            using Process process = Process.GetCurrentProcess();
            return new State(managed, process.WorkingSet64, Directory.Exists("/proc/self/fd") ? Directory.GetFileSystemEntries("/proc/self/fd").Length : process.HandleCount);
        }
    }
}
