using Gir.Evaluation.Recipes;
using Gir.Imaging;
using Gir.Imaging.Codecs;

namespace Gir.Evaluation.Tests.Recipes;

[OnePass]
public sealed class RecipeImageSetTests
{
    private TemporaryFolder _folder = null!;

    [OneTimeSetUp]
    public void SetUp()
    {
        _folder = new TemporaryFolder();
        Directory.CreateDirectory(_folder["photos"]);
        Directory.CreateDirectory(_folder["empty"]);
        for (int i = 0; i < 3; i++)
            ImageFile.Save(Path.Combine(_folder["photos"], $"photo{i}.png"), Pictures.Gradient(48, 64, (ulong)i));
    }

    [OneTimeTearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void Photographs_and_scenes_are_both_trained_and_validated_on()
    {
        TrainingRecipe recipe = Recipe(5);
        RecipeImageSet set = RecipeImageSet.Load(recipe, 3, needDepth: true, new Parallelism(2));

        Assert.That(RecipeImageSet.Count(recipe), Is.EqualTo(8));
        Assert.That(set.Training.Select(i => i.Name), Is.EqualTo(new[] { "photo1.png", "photo2.png", "scene-1000000", "scene-1000002", "scene-1000003", "scene-1000004" }));
        Assert.That(set.Validation.Select(i => i.Name), Is.EqualTo(new[] { "photo0.png", "scene-1000001" }));
        Assert.That(set.Training, Has.All.Matches<RecipeImage>(i => i!.Depth is not null && i.Depth.Height == i.Clean.Height && i.Clean.Channels == 3));
    }

    [Test]
    public void What_only_looks_like_an_image_is_left_out_and_told()
    {
        Directory.CreateDirectory(_folder["mixed"]);
        File.Copy(Path.Combine(_folder["photos"], "photo0.png"), Path.Combine(_folder["mixed"], "photo0.png"));
        File.WriteAllText(Path.Combine(_folder["mixed"], "._photo0.png"), "x");
        TrainingRecipe recipe = Recipe(0) with { Images = new RecipeImages { Folder = _folder["mixed"], Scenes = 0 } };

        RecipeImageSet set = RecipeImageSet.Load(recipe, 3, needDepth: false);

        Assert.That(RecipeImageSet.Count(recipe), Is.EqualTo(1));
        Assert.That(set.Training.Select(i => i.Name), Is.EqualTo(new[] { "photo0.png" }));
        Assert.That(set.LeftOut.Select(f => Path.GetFileName(f.Path)), Is.EqualTo(new[] { "._photo0.png" }));
    }

    [Test]
    public void A_share_of_the_images_lies_in_every_larger_one_and_validation_stays()
    {
        TrainingRecipe recipe = Recipe(17);
        RecipeImageSet[] sets = [.. new[] { 0.2, 0.5, 1 }.Select(f => RecipeImageSet.Load(recipe with { Images = recipe.Images with { Fraction = f } }, 1, needDepth: false))];

        Assert.That(sets.Select(s => s.Training.Count), Is.EqualTo(new[] { 3, 8, 15 }));
        string[][] names = [.. sets.Select(s => s.Training.Select(i => i.Name).ToArray())];
        Assert.That(names[0], Is.SubsetOf(names[1]));
        Assert.That(names[1], Is.SubsetOf(names[2]).And.EqualTo(names[2].Where(names[1].Contains)));
        Assert.That(sets.Select(s => string.Join(' ', s.Validation.Select(i => i.Name))).Distinct().Count(), Is.EqualTo(1));
        RecipeImageSet other = RecipeImageSet.Load(recipe with { Seed = 1, Images = recipe.Images with { Fraction = 0.5 } }, 1, needDepth: false);
        Assert.That(other.Training.Select(i => i.Name), Is.Not.EqualTo(names[1]));
    }

    [Test]
    public void Threads_do_not_matter()
    {
        TrainingRecipe recipe = Recipe(2);
        RecipeImageSet one = RecipeImageSet.Load(recipe, 1, needDepth: false);
        RecipeImageSet three = RecipeImageSet.Load(recipe, 1, needDepth: false, new Parallelism(3));

        foreach ((RecipeImage a, RecipeImage b) in one.Training.Zip(three.Training))
        {
            Assert.That(a.Name, Is.EqualTo(b.Name));
            Assert.That(a.Clean.Channels, Is.EqualTo(1));
            Assert.That(a.Clean.Samples.SequenceEqual(b.Clean.Samples), Is.True);
            Assert.That(a.Depth, Is.Null);
        }
    }

    [Test]
    public void Of_photographs_larger_than_the_memory_a_window_is_kept()
    {
        ImageFile.Save(_folder["large.png"], new ImageBuffer(3, 1200, 1600));
        Directory.CreateDirectory(_folder["one"]);
        File.Move(_folder["large.png"], Path.Combine(_folder["one"], "large.png"));
        TrainingRecipe recipe = Recipe(0) with { Images = new RecipeImages { Folder = _folder["one"], Scenes = 0, Memory = 16 } };

        RecipeImage image = RecipeImageSet.Load(recipe, 3, needDepth: false).Training.Single();

        Assert.That(16L * image.Clean.PlaneLength, Is.LessThanOrEqualTo(16 << 20).And.GreaterThan(15 << 20));
    }

    [Test]
    public void What_is_wrong_with_images_is_told()
    {
        TrainingRecipe recipe = Recipe(0);
        Assert.That(() => Load(recipe with { Images = new RecipeImages { Folder = _folder["nowhere"] } }), Refuses("there is no folder"));
        Assert.That(() => Load(recipe with { Images = new RecipeImages { Folder = _folder["empty"] } }), Refuses("holds no image files"));
        Assert.That(() => Load(recipe with { Patch = 52 }), Refuses("photo0.png' is 48 x 64 (height x width), smaller than patches of 52 x 52"));
        Assert.That(() => Load(recipe with { Patch = 52, Images = new RecipeImages { Scenes = 1, SceneHeight = 48 } }), Refuses("scenes of 48 x 256 are smaller"));
    }

    private static NUnit.Framework.Constraints.IResolveConstraint Refuses(string reason) => Throws.TypeOf<EvaluationException>().With.Message.Contains(reason);

    private static void Load(TrainingRecipe recipe) => RecipeImageSet.Load(recipe, 3, needDepth: false);

    private TrainingRecipe Recipe(int scenes) => new()
    {
        Name = "a",
        Patch = 16,
        Images = new RecipeImages { Folder = _folder["photos"], Scenes = scenes, SceneHeight = 24, SceneWidth = 32 },
        Validation = new RecipeValidation { Images = 5 },
    };
}
