// Trains a small denoising network on procedural scenes, restores an image with it, and leaves a checkpoint that "gir restore --model" takes.
//   dotnet run -c Release --project samples/TrainSmallNetwork -- 2000
using System.Globalization;
using Gir.Degradations;
using Gir.Evaluation.Recipes;
using Gir.Imaging;
using Gir.Imaging.Scenes;
using Gir.Metrics.FullReference;
using Gir.Models.Restoration;
using Gir.Models.Training;
using Gir.Models.Zoo;

int iterations = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 200;
string output = args.Length > 1 ? args[1] : Directory.CreateTempSubdirectory("gir-train-small-").FullName;

var recipe = new TrainingRecipe
{
    Name = "small-denoiser",
    Architecture = "DnCNN",
    HyperParameters = HyperParameters.Parse("""{ "in_nc": 3, "out_nc": 3, "nc": 16, "nb": 5, "act_mode": "R" }"""),
    Tasks = ["3"],
    Iterations = iterations,
    Batch = 4,
    Patch = 32,
    LearningRate = 1e-3,
    LogEvery = Math.Max(1, iterations / 4),
    Validation = new RecipeValidation { Every = iterations, Images = 2, Size = 64, Tasks = 1 },
    Images = new RecipeImages { Scenes = 8, SceneHeight = 96, SceneWidth = 128 },
};
var training = new RecipeTraining(recipe, new RecipeTrainingOptions { Output = output, Parallelism = Parallelism.AllProcessors });
var progress = new Progress<TrainingProgress>(p => Console.WriteLine($"{p.Step} of {p.Total}: loss {p.Loss:F4}"));
TrainingResult result = training.Train(training.Runs[0], progress);

ImageBuffer clean = SceneGenerator.Create(7, 96, 128).Image;
ImageBuffer noisy = DegradationPipeline.Parse("noise(sigma=20)").Apply(clean, seed: 1, imageKey: "scene").Image;
ImageBuffer restored = ModelZoo.Load(result.BestCheckpoint!).Restore(noisy);
(double before, double after) = (new Psnr().Measure(clean, noisy).Value, new Psnr().Measure(clean, restored).Value);
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"noisy {before:F2} dB, restored {after:F2} dB; weights in {result.BestCheckpoint}"));
return after > before ? 0 : 1;
