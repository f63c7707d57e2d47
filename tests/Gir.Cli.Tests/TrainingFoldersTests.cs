using System.Text.Json;
using Gir.Imaging.Codecs;
using Gir.Imaging.Scenes;
using Gir.Models.Training;
using Gir.Models.Zoo;

namespace Gir.Cli.Tests;

/// <summary>Folders that trainings leave, given where the tool takes a restorer.</summary>
[NonParallelizable]
public sealed class TrainingFoldersTests
{
    [Test]
    public void A_folder_restores_and_two_of_one_name_are_told_apart()
    {
        using var folder = new TemporaryFolder();
        foreach (string run in new[] { "a", "b" })
        {
            string trained = Directory.CreateDirectory(Path.Combine(folder.Root, run, "run")).FullName;
            ModelZoo.Save(Trainer.BestCheckpointPath(trained), ModelZoo.CreateNetwork("SRCNN", HyperParameters.Parse("""{ "identity_start": true }""")));
        }

        string[] runs = [Path.Combine(folder.Root, "a", "run"), Path.Combine(folder.Root, "b", "run")];
        ImageFile.Save(folder["clean.png"], SceneGenerator.Create(1, 32, 32).Image);
        ToolResult restored = Tool.Run("restore", "-i", folder["clean.png"], "-o", folder["restored.png"], "--model", runs[0], "--tile", "0");
        Assert.That((restored.ExitCode, File.Exists(folder["restored.png"])), Is.EqualTo((0, true)), restored.Error);

        ToolResult evaluated = Tool.Run("evaluate", "-i", folder["clean.png"], "-t", "3", "-r", string.Join(',', runs), "-o", folder["evaluation"]);
        Assert.That(evaluated.ExitCode, Is.Zero, evaluated.Error);
        using JsonDocument report = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder["evaluation"], "report.json")));
        Assert.That(report.RootElement.ToString(), Does.Contain("a/run").And.Contain("b/run"));
    }

    [Test]
    public void A_folder_without_a_finished_training_is_told()
    {
        using var folder = new TemporaryFolder();
        ImageFile.Save(folder["clean.png"], SceneGenerator.Create(1, 32, 32).Image);
        ToolResult result = Tool.Run("restore", "-i", folder["clean.png"], "-o", folder["restored.png"], "--model", folder.Root);
        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Error, Does.Contain("holds no finished training"));
    }
}
