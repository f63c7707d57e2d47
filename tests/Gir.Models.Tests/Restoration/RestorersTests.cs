using Gir.Models.Restoration;
using Gir.Models.Training;
using Gir.Models.Zoo;

namespace Gir.Models.Tests.Restoration;

public sealed class RestorersTests
{
    private static readonly string Checkpoint = TestData.Golden("models", "files", "plain.pth");

    [Test]
    public void Every_listed_name_makes_a_restorer_of_that_name()
    {
        Assert.That(Restorers.All, Has.Count.EqualTo(ModelZoo.Shipped.Count + ClassicalRestorers.All.Count));
        foreach (RestorerEntry entry in Restorers.All)
        {
            IRestorer restorer = Restorers.Create(entry.Name);
            Assert.That(restorer.Info.Name, Is.EqualTo(entry.Name));
            Assert.That(entry.Description, Is.Not.Empty.And.Not.Contains("System."));
            Assert.That(entry.IsTrained, Is.EqualTo(restorer is NetworkRestorer));
        }
    }

    [Test]
    public void Names_paths_and_expressions_are_told_apart() => Assert.Multiple(() =>
    {
        Assert.That(Restorers.Create(Checkpoint).Info.Name, Is.EqualTo("plain"));
        Assert.That(Restorers.Create("median(size=5)").Info.Name, Is.EqualTo("median(size=5)"));
        Assert.That(Restorers.Create("GIR-V1").Info.Name, Is.EqualTo("gir-v1"));
    });

    [Test]
    public void What_cannot_be_made_is_told_with_what_can() => Assert.Multiple(() =>
    {
        Assert.That(() => Restorers.Create("medain"), Throws.ArgumentException.With.Message.Contains("did you mean 'median'").And.Message.Contains("gir-v1"));
        Assert.That(() => Restorers.Create("SwinIR"), Throws.ArgumentException.With.Message.Contains("give a checkpoint"));
        Assert.That(() => Restorers.Create("nets/best.safetensors"), Throws.TypeOf<FileNotFoundException>().With.Message.Contains("nets/best.safetensors"));
        Assert.That(() => Restorers.Create("best.pth"), Throws.TypeOf<FileNotFoundException>());
        Assert.That(() => Restorers.Create("median(edge=5)"), Throws.ArgumentException.With.Message.Contains("size"));
        Assert.That(() => Restorers.Create(" "), Throws.ArgumentException);
        Assert.That(
            () => Restorers.Create("median", new RestorerOptions { Network = new() { Wrapper = "params" } }), Throws.ArgumentException.With.Message.Contains("no network"));
        Assert.That(() => Restorers.Create("latent-diffusion"), Throws.ArgumentException.With.Message.Contains("expected the folder of its training"));
        Assert.That(() => Restorers.Create("ugpnet(folder=nowhere)"), Throws.TypeOf<FileNotFoundException>().With.Message.Contains("no finished training of ugpnet"));
        Assert.That(() => Restorers.Create("ugpnet(folder=nowhere, steps=3)"), Throws.ArgumentException.With.Message.Contains("no setting 'steps'"));
        Assert.That(() => Restorers.Create("latent-diffusion(folder=nowhere, sampler=fast)"), Throws.ArgumentException.With.Message.Contains("sampler = fast: expected one of"));
        Assert.That(() => Restorers.Create("latent-diffusion(folder=nowhere, offload=1)"), Throws.ArgumentException.With.Message.Contains("expected true or false"));
    });

    [Test]
    public void A_trainings_folder_is_its_best_network()
    {
        using var folder = new TemporaryFolder();
        string trained = Directory.CreateDirectory(folder["trained"]).FullName;
        Assert.That(() => Restorers.Create(trained), Throws.TypeOf<FileNotFoundException>().With.Message.Contains("holds no finished training"));
        ModelZoo.Save(Trainer.BestCheckpointPath(trained), ModelZoo.CreateNetwork("SRCNN", HyperParameters.None));
        var restorer = (NetworkRestorer)Restorers.Create(trained);
        Assert.That((restorer.Info.Name, restorer.Network.Architecture), Is.EqualTo(("trained", "SRCNN")));
    }

    [Test]
    public void Options_reach_the_restorer()
    {
        var options = new RestorerOptions { MaxDegreeOfParallelism = 2, Network = new() { Name = "mine", Restoration = new() { TileSize = 64, TileOverlap = 16 } } };
        var network = (NetworkRestorer)Restorers.Create(Checkpoint, options);
        Assert.That((network.Info.Name, network.Options.TileSize, network.Options.MaxDegreeOfParallelism), Is.EqualTo(("mine", 64, 2)));
        Assert.That(() => Restorers.Create("median", new RestorerOptions { MaxDegreeOfParallelism = 0 }), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }
}
