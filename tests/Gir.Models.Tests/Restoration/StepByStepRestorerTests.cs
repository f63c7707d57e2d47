using Gir.Imaging;
using Gir.Models.Restoration;
using Microsoft.Extensions.DependencyInjection;

namespace Gir.Models.Tests.Restoration;

public sealed class StepByStepRestorerTests
{
    private readonly List<string> _applied = [];

    [SetUp]
    public void Forget() => _applied.Clear();

    [Test]
    public void Identity_follows_the_models_and_their_order()
    {
        var median = new Dictionary<string, IRestorer> { ["noise"] = new MedianRestorer(), ["blur"] = new IdentityRestorer() };
        var larger = new Dictionary<string, IRestorer> { ["noise"] = new MedianRestorer(new MedianRestorerOptions { Size = 5 }), ["blur"] = new IdentityRestorer() };

        Assert.That(new SingleTaskModels(median).Identity, Is.EqualTo(new SingleTaskModels(median, "another").Identity));
        Assert.That(new SingleTaskModels(median).Identity, Is.Not.EqualTo(new SingleTaskModels(larger).Identity));
        Assert.That(new StepByStepRestorer(median, ["noise", "blur"]).Identity, Is.Not.EqualTo(new StepByStepRestorer(median, ["blur", "noise"]).Identity));
    }

    [Test]
    public void Models_undo_the_last_degradation_first()
    {
        StepByStepRestorer restorer = new SingleTaskModels(Models()).ForTask(["rain", "blur", "noise", "blur"]);
        restorer.Restore(new ImageBuffer(3, 4, 5));
        Assert.That(_applied, Is.EqualTo(new[] { "blur", "noise", "blur", "rain" }));
        Assert.That(restorer.Info.Name, Is.EqualTo("step-by-step(rain + blur + noise + blur)"));
        Assert.That(restorer.Info.ParameterCount, Is.EqualTo(30), "Blur's model counts once.");
    }

    [Test]
    public void Steps_see_images_and_the_last_result_stays_as_it_is()
    {
        var models = new Dictionary<string, IRestorer>
        {
            ["blur"] = new Step("doubling", i => Map(i, v => v * 2)),
            ["noise"] = new Step("shifting", i => Map(i, v => v - 0.25f)),
        };
        ImageBuffer image = new(1, 1, 3, [0.1f, 0.25f, 0.9f]);
        Assert.That(new StepByStepRestorer(models, ["blur", "noise"]).Restore(image).Array, Is.EqualTo(new[] { 0f, 0f, 1.3f }).Within(1e-6f));
        Assert.That(new StepByStepRestorer(models, ["noise", "blur"]).Restore(image).Array, Is.EqualTo(new[] { -0.05f, 0.25f, 0.75f }).Within(1e-6f));
        Assert.That(image.Array, Is.EqualTo(new[] { 0.1f, 0.25f, 0.9f }));
    }

    [Test]
    public void No_degradation_gives_a_copy()
    {
        ImageBuffer image = Networks.Noise(3, 4, 5);
        ImageBuffer restored = new StepByStepRestorer(Models(), []).Restore(image);
        Assert.That(restored.Array, Is.EqualTo(image.Array).And.Not.SameAs(image.Array));
    }

    [Test]
    public void Progress_is_told_after_every_step_and_the_work_stops_between_them()
    {
        using var stop = new CancellationTokenSource();
        var told = new List<RestorationProgress>();
        var progress = new Told<RestorationProgress>(p =>
        {
            told.Add(p);
            if (told.Count == 2)
                stop.Cancel();
        });
        var restorer = new StepByStepRestorer(Models(), ["rain", "blur", "noise"]);
        Assert.That(() => restorer.Restore(new ImageBuffer(3, 4, 5), progress, stop.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(told, Is.EqualTo(new[] { new RestorationProgress(1, 3), new RestorationProgress(2, 3) }));
        Assert.That(_applied, Is.EqualTo(new[] { "noise", "blur" }));
    }

    [Test]
    public void What_is_missing_or_does_not_fit_is_named()
    {
        var models = new SingleTaskModels(Models());
        Assert.That(() => models.ForTask(["rain", "haze"]), Throws.ArgumentException.With.Message.Contains("'haze'").And.Message.Contains("blur, noise, rain"));
        Assert.That(() => models.Restore(new ImageBuffer(3, 4, 5)), Throws.InvalidOperationException.With.Message.Contains("ForTask"));
        Assert.That(
            () => new SingleTaskModels(new Dictionary<string, IRestorer> { ["resize"] = new Step("x4", i => i, scale: 4) }),
            Throws.ArgumentException.With.Message.Contains("'resize'").And.Message.Contains("scales by 4"));
        Assert.That(() => new SingleTaskModels(new Dictionary<string, IRestorer>()), Throws.ArgumentException);
    }

    [Test]
    public void A_container_makes_it_of_other_restorers()
    {
        using ServiceProvider services = new ServiceCollection().AddGirModels()
            .AddGirStepByStep("steps", new Dictionary<string, string> { ["noise"] = "median", ["blur"] = "richardson-lucy" })
            .BuildServiceProvider();
        IRestorer restorer = services.GetRequiredKeyedService<IRestorer>("steps");
        Assert.That(restorer, Is.SameAs(services.GetRequiredKeyedService<ITaskAwareRestorer>("steps")));
        Assert.That(restorer.Info.Name, Is.EqualTo("steps"));
        StepByStepRestorer steps = ((SingleTaskModels)restorer).ForTask(["blur", "noise"]);
        Assert.That(steps.Steps, Is.EqualTo(new[] { services.GetRequiredKeyedService<IRestorer>("median"), services.GetRequiredKeyedService<IRestorer>("richardson-lucy") }));
    }

    private Dictionary<string, IRestorer> Models() => new[] { "rain", "blur", "noise" }
        .ToDictionary(name => name, IRestorer (name) => new Step(name, i =>
        {
            _applied.Add(name);
            return i.Clone();
        }));

    private static ImageBuffer Map(ImageBuffer image, Converter<float, float> map) =>
        new(image.Channels, image.Height, image.Width, Array.ConvertAll(image.Array, map));

    private sealed class Step(string name, Func<ImageBuffer, ImageBuffer> restore, int scale = 1) : IRestorer
    {
        public RestorerInfo Info { get; } = new(name, "a step") { ParameterCount = 10, Scale = scale };

        public ImageBuffer Restore(ImageBuffer degraded, CancellationToken cancellationToken = default) => restore(degraded);
    }
}
