using System.Diagnostics;
using System.Globalization;
using Gir.Evaluation.Recipes;
using Gir.Imaging.Codecs;
using Gir.Imaging.Random;
using Gir.Imaging.Scenes;

namespace Gir.Soak.Kills;

/// <summary>Commands that are killed (kill -9) at random moments, once or several times, and then go on: the same bytes as of one that was left alone.</summary>
internal static class KillRun
{
    private const int MostKills = 3;

    // So many that the start is the smaller part of the shortest command.
    private const int Pictures = 96;

    public static void All(SoakLog log, ulong seed, int from, int runs, string? command)
    {
        string folder = Directory.CreateTempSubdirectory("gir-soak-").FullName;
        string images = Path.Combine(folder, "images");
        Directory.CreateDirectory(images);
        for (ulong i = 0; i < Pictures; i++)
            ImageFile.Save(Path.Combine(images, $"picture{i:00}.png"), SceneGenerator.Create(i, 72 + (8 * (int)(i % 3)), 96).Image);
        Killed[] all =
        [
            new("evaluate", ["evaluate", "--images", images, "--limit", "5", "--tasks", "single", "--restorer", "identity,median,non-local-means", "--pictures", "0", "--seed", "3"], [], "*"),
            new("degrade", ["degrade", "--input", images, "--pipeline", "blur + noise + compression", "--threads", "2"], ["--resume"], "*"),
            // Its log tells times: the weights have to be the same.
            new("train", ["train", "--recipe", SavingOften(folder), "--tasks", "4-5", "--images", images, "--iterations", "200", "--batch", "1", "--patch", "32", "--scenes", "2", "--threads", "1"], ["--resume"], "*.safetensors"),
        ];
        log.Tell("| command | runs | kills | with files there | alone, s | same bytes |");
        log.Tell("|---|---:|---:|---:|---:|---:|");
        foreach (Killed one in all.Where(a => command is null || a.Name == command))
            log.Tell(Run(log, one, folder, seed, from, runs));
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>A recipe that saves every five of 200 steps, so that a run goes on from a checkpoint and not from its beginning, and looks at little besides.</summary>
    private static string SavingOften(string folder)
    {
        string path = Path.Combine(folder, "recipe.json");
        TrainingRecipe recipe = TrainingRecipes.Load("gir-reduced");
        File.WriteAllText(path, (recipe with { SaveEvery = 5, Validation = recipe.Validation with { Every = 25, Images = 2, Size = 48, Tasks = 2 } }).ToJson());
        return path;
    }

    private static string Run(SoakLog log, Killed command, string folder, ulong seed, int from, int runs)
    {
        string whole = Path.Combine(folder, command.Name + "-whole");
        long start = Stopwatch.GetTimestamp();
        (int code, string said) = GirProcess.Run([.. command.Arguments, "--output", whole]);
        TimeSpan length = Stopwatch.GetElapsedTime(start);
        if (code != 0)
        {
            log.Fail($"{command.Name}: exit code {code}: {said}");
            return "";
        }

        (int kills, int within, int same) = (0, 0, 0);
        for (int run = from; run < from + runs; run++)
        {
            string output = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{command.Name}-{run}"));
            var random = new PhiloxRandom(Philox4x32.DeriveSeed(seed, command.Name), (uint)run);
            string[] arguments = [.. command.Arguments, "--output", output];
            string[] Next() => Directory.Exists(output) ? [.. arguments, .. command.Resume] : arguments;
            int planned = random.NextInteger(1, MostKills);
            for (int kill = 0; kill < planned; kill++)
            {
                // A run that goes on has less to do: later kills come sooner.
                if (!GirProcess.RunAndKill(length * random.NextUniform(0.1, 1.0 / (kill + 1)), Next()))
                    continue;
                kills++;
                if (Directory.Exists(output) && Directory.EnumerateFiles(output, command.Files, SearchOption.AllDirectories).Any())
                    within++;
            }

            (code, said) = GirProcess.Run(Next());
            if (code != 0)
                log.Fail($"{command.Name}, seed {seed}, run {run}: exit code {code}: {said}");
            else if (OutputFiles.Difference(whole, output, command.Files) is { } difference)
                log.Fail($"{command.Name}, seed {seed}, run {run}: {difference}");
            else
                same++;
            if (Directory.Exists(output))
                Directory.Delete(output, recursive: true);
        }

        return string.Create(CultureInfo.InvariantCulture, $"| {command.Name} | {runs} | {kills} | {within} | {length.TotalSeconds:0.0} | {same} |");
    }

    /// <summary>A command that is killed.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Arguments">Its arguments without the output.</param>
    /// <param name="Resume">What makes it go on.</param>
    /// <param name="Files">The files that have to be the same.</param>
    private sealed record Killed(string Name, string[] Arguments, string[] Resume, string Files);
}
