#:project ../src/Gir.Degradations/Gir.Degradations.csproj
#:project ../src/Gir.Metrics/Gir.Metrics.csproj
#:project ../src/Gir.Models/Gir.Models.csproj
#:property PublishAot=false
// Trains the classifier of scenes' layouts that comes with Gir.Models, measures it on scenes that it was not trained on, and writes the file that is shipped.
// Run from the repository's root: dotnet run -c Release docs/layouts.cs FOLDER [STEPS]
// FOLDER keeps checkpoint and log; a run that was stopped goes on.
using System.Globalization;
using Gir.Degradations;
using Gir.Imaging;
using Gir.Imaging.Random;
using Gir.Imaging.Scenes;
using Gir.Metrics.Learned;
using Gir.Models.Features.Layouts;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Backends.Cpu;

const ulong FirstHeldOut = 3_000_000;
const int HeldOut = 1200;
const int Calibrating = 300;

if (args.Length == 0)
{
    Console.Error.WriteLine("Expected a folder for the training: docs/layouts.cs FOLDER [STEPS]");
    return 2;
}

TensorBackend.Default = new CpuBackend(new CpuBackendOptions { MaxDegreeOfParallelism = 1 });
LayoutTrainingOptions options = new();
if (args.Length > 1)
    options = options with { Steps = int.Parse(args[1], CultureInfo.InvariantCulture) };

var training = new LayoutTraining(options, Degrade, args[0]);
training.Run(new Told());
LayoutClassifier classifier = LayoutClassifier.Load(training.WeightsPath);

var clean = new ImageBuffer[HeldOut];
(int right, int degradedRight) = (0, 0);
for (int i = 0; i < HeldOut; i++)
{
    SceneLayout layout = LayoutClassifier.Classes[i % LayoutClassifier.Classes.Count];
    clean[i] = SceneGenerator.Create(FirstHeldOut + (ulong)i, options.Size, options.Size, new SceneOptions(layout)).Image.Quantized();
    right += classifier.Classify(clean[i]) == layout ? 1 : 0;
    degradedRight += classifier.Classify(Degrade(clean[i].Clone(), new PhiloxRandom((ulong)i))) == layout ? 1 : 0;
}

SemanticsCalibration calibration = SemanticsCalibration.Measure(classifier, clean[..Calibrating], classifier.DescriptorLayer);
var measured = new LayoutMeasurements((double)right / HeldOut, (double)degradedRight / HeldOut, calibration.Local, calibration.Global);
classifier.Save("src/Gir.Models/Features/Layouts/scene-layouts.safetensors", measured);
Console.WriteLine(measured);
return 0;

static ImageBuffer Degrade(ImageBuffer image, PhiloxRandom random)
{
    string text = string.Create(
        CultureInfo.InvariantCulture,
        $"blur(sigma={0.2 + (random.NextDouble() * 1.3):0.###}) + noise(sigma={1 + (random.NextDouble() * 14):0.###}) + compression(quality={random.NextInteger(50, 95)})");
    return DegradationPipeline.Parse(text, DegradationPipelineOptions.Benchmark).Degrade(image, (ulong)random.NextInteger(0, int.MaxValue - 1));
}

internal sealed class Told : IProgress<Gir.Models.Generative.GenerativeTrainingProgress>
{
    public void Report(Gir.Models.Generative.GenerativeTrainingProgress value)
    {
        if (value.Step % 100 == 0)
            Console.WriteLine($"{value.Step} {string.Join(' ', value.Numbers.Select(n => FormattableString.Invariant($"{n.Key} {n.Value:F3}")))}");
    }
}
