// Degrades every image of a folder and keeps records that rebuild each of them to the last pixel.
//   dotnet run -c Release --project samples/DegradeFolder -- CLEAN DEGRADED "haze + blur(sigma=2) + noise(sigma=20)"
// Without arguments it makes scenes of its own to work on.
using Gir.Degradations;
using Gir.Degradations.Depth;
using Gir.Imaging;
using Gir.Imaging.Codecs;
using Gir.Imaging.Scenes;

string clean = args.Length > 0 ? args[0] : Scenes();
string degraded = Directory.CreateDirectory(args.Length > 1 ? args[1] : Path.Combine(clean, "degraded")).FullName;
var pipeline = DegradationPipeline.Parse(args.Length > 2 ? args[2] : "haze + blur(sigma=2) + noise(sigma=20)");
var depth = new HeuristicDepthEstimator();

string[] files = [.. Directory.EnumerateFiles(clean).Where(f => ImageCodecs.FindByExtension(f) is not null).Order(StringComparer.Ordinal)];
using var log = RecordLog.Open(Path.Combine(degraded, RecordLog.UsualName));
Parallel.For(0, files.Length, i =>
{
    string name = Path.GetFileName(files[i]);
    // The same seed and key give the same pixels on every machine, for any number of threads.
    (ImageBuffer color, ImageBuffer? alpha) = ImageFile.Load(files[i]).SplitAlpha();
    DegradationResult result = pipeline.Apply(color, seed: 1, imageKey: name, estimator: depth);
    // The record first: whenever the process ends, every image has its record.
    string file = Path.ChangeExtension(name, ".png");
    log.Append(file, result.Record);
    ImageFile.Save(Path.Combine(degraded, file), result.Image.WithAlpha(alpha), overwrite: true);
});
log.Complete();

// A record and the clean image are all it takes to make the degraded one again.
if (files.Length > 0)
{
    DegradationRecord record = RecordLog.Read(log.Path)[0];
    ImageBuffer again = record.Replay(ImageFile.Load(Path.Combine(clean, record.ImageKey)).WithoutAlpha(), estimator: depth);
    bool same = again.Samples.SequenceEqual(ImageFile.Load(Path.Combine(degraded, record.File!)).WithoutAlpha().Samples);
    Console.WriteLine($"{files.Length} images in {degraded}; the first one, rebuilt from its record, is {(same ? "the same" : "another")}.");
    return same ? 0 : 1;
}

Console.WriteLine($"There are no images in {clean}.");
return 2;

static string Scenes()
{
    string folder = Directory.CreateTempSubdirectory("gir-degrade-folder-").FullName;
    for (ulong seed = 1; seed <= 3; seed++)
        ImageFile.Save(Path.Combine(folder, $"scene-{seed}.png"), SceneGenerator.Create(seed, 96, 128).Image);
    return folder;
}
