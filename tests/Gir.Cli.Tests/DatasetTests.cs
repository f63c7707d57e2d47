using Gir.Imaging.Codecs;

namespace Gir.Cli.Tests;

public sealed class DatasetTests
{
    [Test]
    public void A_set_is_rebuilt_from_its_file_and_the_clean_images()
    {
        using var folder = new TemporaryFolder();
        foreach ((string category, ulong seed) in new (string, ulong)[] { ("people", 1), ("sea", 2) })
        {
            Directory.CreateDirectory(Path.Combine(folder["clean"], category));
            ImageFile.Save(Path.Combine(folder["clean"], category, "1.png"), Images.Gradient(32, 40, seed));
        }

        ToolResult made = Tool.Run("dataset", "create", "-i", folder["clean"], "--categories", "-t", "3,13", "-t", "cross:4:2", "-s", "5", "-o", folder["set.json"]);
        Assert.That((made.ExitCode, made.Output), Is.EqualTo((0, $"3 tasks x 2 images: {folder["set.json"]}\n")), made.Error);
        string[] build = ["dataset", "build", "--set", folder["set.json"], "-i", folder["clean"], "--categories", "-o", folder["degraded"]];
        ToolResult built = Tool.Run(build);
        Assert.That(built.ExitCode, Is.Zero, built.Error);
        Assert.That(built.Output, Is.EqualTo($"6 images in {folder["degraded"]}, all of them the same bit for bit as when the set was made.\n"));
        foreach (string task in new[] { "3", "13", "task-3" })
            Assert.That(File.Exists(Path.Combine(folder["degraded"], task, "people", "1.png")), task);

        Assert.That(Tool.Run(build).ExitCode, Is.EqualTo(2), "nothing is replaced without --force");
        ImageFile.Save(Path.Combine(folder["clean"], "sea", "1.png"), Images.Gradient(32, 40, 3), overwrite: true);
        ToolResult other = Tool.Run([.. build, "--force"]);
        Assert.That(other.ExitCode, Is.EqualTo(2));
        Assert.That(other.Error, Does.Contain("'sea/1.png' is not the one that the set was made of"));
        Assert.That(Tool.Run("dataset", "build", "--set", "nowhere.json", "-i", folder["clean"], "-o", folder["no"]).Error, Does.Contain("--set nowhere.json: there is no such file"));
    }
}
