using Gir.Degradations.Depth;
using Gir.Imaging;
using Gir.Imaging.Codecs;

namespace Gir.Degradations.Tests.Depth;

[TestFixture]
public sealed class DepthMapFolderTests
{
    private string _folder = "";

    [SetUp]
    public void CreateFolder() => _folder = Directory.CreateTempSubdirectory("gir-depth-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, true);

    [Test]
    public void A_map_is_divided_by_its_maximum()
    {
        Save("street.npy", new ImageBuffer(1, 2, 2, [10f, 20f, 40f, 5f]));
        var folder = new DepthMapFolder(_folder);
        Assert.That(folder.Load("street.jpg", 2, 2).Array, Is.EqualTo(new[] { 0.25f, 0.5f, 1f, 0.125f }));
        Assert.That(folder.Load("elsewhere/street", 2, 2).Array, Is.EqualTo(new[] { 0.25f, 0.5f, 1f, 0.125f }));
    }

    [Test]
    public void Every_extension_of_an_image_is_left_out_of_the_name_of_its_map()
    {
        Save("p.npy", new ImageBuffer(1, 1, 2, [1f, 2f]));
        var folder = new DepthMapFolder(_folder);
        foreach (string extension in ImageCodecs.All.SelectMany(c => c.Extensions))
        {
            Assert.That(folder.Load("p" + extension, 1, 2).Array, Is.EqualTo(new[] { 0.5f, 1f }), extension);
            Assert.That(folder.Load("in/p" + extension.ToUpperInvariant(), 1, 2).Array, Is.EqualTo(new[] { 0.5f, 1f }), extension);
        }

        Assert.That(() => folder.Load("q.jfif", 1, 2), Throws.TypeOf<DegradationException>().With.Message.Contains("expected q.npy or q.png in"));
    }

    [Test]
    public void An_image_beside_the_maps_is_no_map()
    {
        Save("gray.npy", new ImageBuffer(1, 1, 2, [1f, 2f]));
        ImageFile.Save(Path.Combine(_folder, "gray.png"), new ImageBuffer(1, 1, 2, [0.5f, 0.25f]));
        ImageFile.Save(Path.Combine(_folder, "other.png"), new ImageBuffer(1, 1, 2, [0.5f, 0.25f]));
        string[] images = [Path.Combine(_folder, "gray.png"), Path.Combine(_folder, ".", "other.png")];
        Assert.That(new DepthMapFolder(_folder).Contains("other.png"));
        var folder = new DepthMapFolder(_folder) { Images = images };
        Assert.That(folder.Contains("other.png"), Is.False);
        Assert.That(folder.Load("gray.png", 1, 2).Array, Is.EqualTo(new[] { 0.5f, 1f }));
        Assert.That(new DepthMapFolder(_folder) { Images = [images[1], Path.Combine(_folder, "gray.npy")] }.Load("gray.jpg", 1, 2).Array, Is.EqualTo(new[] { 1f, 0.5f }).Within(0.01));
    }

    [Test]
    public void A_map_may_shout_its_extension()
    {
        Save("p.npy", new ImageBuffer(1, 1, 2, [1f, 2f]));
        File.Move(Path.Combine(_folder, "p.npy"), Path.Combine(_folder, "p.NPY"));
        Assert.That(new DepthMapFolder(_folder).Contains("p.jfif"));
    }

    [Test]
    public void A_png_of_16_bits_keeps_its_precision()
    {
        ImageFile.Save(Path.Combine(_folder, "a.v2.png"), new ImageBuffer(1, 1, 3, [1000 / 65535f, 1001 / 65535f, 2000 / 65535f]), new PngEncodeOptions { BitDepth = 16 });
        float[] depth = new DepthMapFolder(_folder).Load("a.v2", 1, 3).Array;
        Assert.That(depth, Is.EqualTo(new[] { 0.5f, 0.5005f, 1f }).Within(1e-6));
    }

    [Test]
    public void A_map_of_a_quarter_is_resized_bilinearly()
    {
        Save("a.npy", new ImageBuffer(1, 1, 2, [0.5f, 1f]));
        float[] depth = new DepthMapFolder(_folder).Load("a.png", 4, 8).Array;
        // Half-pixel centers: samples 1.5 and 5.5 carry the two values, what lies outside repeats them.
        float[] row = [0.5f, 0.5f, 0.5625f, 0.6875f, 0.8125f, 0.9375f, 1f, 1f];
        Assert.That(depth[..8], Is.EqualTo(row).Within(1e-6));
        Assert.That(depth[24..], Is.EqualTo(row).Within(1e-6));
    }

    [Test]
    public void A_map_of_the_image_before_cropping_fits()
    {
        ImageBuffer map = Patches.Random(1, 11, 14, 5);
        map[0, 0, 0] = 1;
        Save("a.npy", map);
        ImageBuffer depth = new DepthMapFolder(_folder).Load("a", 8, 12);
        Assert.That(depth.Row(0, 7).ToArray(), Is.EqualTo(map.Row(0, 7)[..12].ToArray()));
    }

    [Test]
    public void A_map_of_another_size_is_refused_by_name()
    {
        Save("a.npy", Patches.Flat(1, 8, 8, 1));
        Assert.That(
            () => new DepthMapFolder(_folder).Load("a", 16, 16),
            Throws.TypeOf<DegradationException>().With.Message.Contains("a.npy").And.Message.Contains("8 x 8").And.Message.Contains("16 x 16"));
    }

    [Test]
    public void What_is_no_depth_map_is_refused_by_name()
    {
        Save("color.npy", Patches.Flat(3, 8, 8, 1));
        Save("black.npy", Patches.Flat(1, 8, 8, 0));
        File.WriteAllText(Path.Combine(_folder, "text.png"), "this is no picture at all");
        var folder = new DepthMapFolder(_folder);
        foreach (string name in new[] { "color", "black", "text" })
            Assert.That(() => folder.Load(name, 8, 8), Throws.TypeOf<DegradationException>().With.Message.Contains(name), name);
    }

    [Test]
    public void A_missing_map_or_folder_is_told()
    {
        var folder = new DepthMapFolder(_folder);
        Assert.That(folder.Contains("a"), Is.False);
        Assert.That(() => folder.Load("a.png", 8, 8), Throws.TypeOf<DegradationException>().With.Message.Contains("a.npy").And.Message.Contains("a.png"));
        Assert.That(() => new DepthMapFolder(Path.Combine(_folder, "none")), Throws.TypeOf<DirectoryNotFoundException>());
    }

    [Test]
    public void A_pipeline_reads_stored_depth_as_an_estimator()
    {
        Save("a.npy", Patches.Flat(1, 8, 8, 3));
        IDepthEstimator stored = new DepthMapFolder(_folder).For("a.png");
        ImageBuffer image = Patches.Random(3, 8, 8, 1);
        DegradationResult result = DegradationPipeline.Parse("haze").Apply(image, 1, estimator: stored);
        Assert.That(result.Image.Array, Is.EqualTo(DegradationPipeline.Parse("haze").Apply(image, 1, depth: Patches.Flat(1, 8, 8, 1)).Image.Array));
    }

    private void Save(string name, ImageBuffer map) => ImageFile.Save(Path.Combine(_folder, name), map);
}
