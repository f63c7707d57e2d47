using Gir.Evaluation.Execution;
using Gir.Evaluation.TestSets;

namespace Gir.Evaluation.Recipes;

/// <summary>All that another process has to know of a <see cref="LineTraining"/> to make some of its networks, in one folder that both can reach.</summary>
/// <param name="Version">Whose version the networks are made by: another one would make other bits.</param>
/// <param name="Acceptance">The smaller network's recipe, JSON.</param>
/// <param name="Excellence">The larger network's recipe, JSON.</param>
/// <param name="Tasks">Names of task sets.</param>
/// <param name="TestSet">The test set's name, or its manifest's path.</param>
/// <param name="TestSetHash">The test set's hash.</param>
/// <param name="Output">The folder, a full path.</param>
/// <remarks>Immutable and safe for concurrent use.</remarks>
public sealed record LineTerms(
    string Version, string Acceptance, string Excellence, IReadOnlyList<string> Tasks, string TestSet, string TestSetHash, string Output)
{
    /// <summary>The terms of a training.</summary>
    /// <param name="acceptance">The smaller network's recipe.</param>
    /// <param name="excellence">The larger network's recipe.</param>
    /// <param name="tasks">Names of task sets.</param>
    /// <param name="testSet">The test set's name, or its manifest's path.</param>
    /// <param name="output">The folder.</param>
    /// <exception cref="EvaluationException">A recipe names a file by a path that depends on who reads it, or there is no such test set.</exception>
    /// <exception cref="IOException">The test set's manifest cannot be read.</exception>
    public static LineTerms Of(TrainingRecipe acceptance, TrainingRecipe excellence, IReadOnlyList<string> tasks, string testSet, string output)
    {
        ArgumentNullException.ThrowIfNull(acceptance);
        ArgumentNullException.ThrowIfNull(excellence);
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentException.ThrowIfNullOrWhiteSpace(testSet);
        ArgumentException.ThrowIfNullOrWhiteSpace(output);
        foreach (string path in new[] { acceptance.Images.Folder, acceptance.Initial, excellence.Images.Folder, excellence.Initial }.OfType<string>())
        {
            if (!Path.IsPathFullyQualified(path))
                throw new EvaluationException($"'{path}': other processes need a full path.");
        }

        string set = File.Exists(testSet) ? Path.GetFullPath(testSet) : testSet;
        return new LineTerms(BenchmarkTerms.ThisVersion, acceptance.ToJson(), excellence.ToJson(), tasks, set, TestSets.TestSet.Load(set).Hash, Path.GetFullPath(output));
    }

    /// <summary>Why networks cannot be made here, in words; null where they can.</summary>
    /// <param name="training">The training that makes them; null where they cannot.</param>
    public string? WhyUnfit(out LineTraining? training)
    {
        training = null;
        if (Version != BenchmarkTerms.ThisVersion)
            return $"it has version {BenchmarkTerms.ThisVersion}, expected {Version}";
        try
        {
            TestSet set = TestSets.TestSet.Load(TestSet);
            if (set.Hash != TestSetHash)
                return $"its test set '{TestSet}' has the hash {set.Hash}, expected {TestSetHash}";
            // One network has one core: several are made at a time.
            var options = new RecipeTrainingOptions { Output = Output, Parallelism = new(1) };
            training = new LineTraining(TrainingRecipe.FromJson(Acceptance), TrainingRecipe.FromJson(Excellence), Tasks, set, options);
            return null;
        }
        catch (Exception e) when (e is Imaging.GirException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            return e.Message;
        }
    }
}

/// <summary>One network of a <see cref="LineTraining"/>.</summary>
/// <param name="Index">The task's place among the training's, from 0.</param>
/// <param name="Task">The task's id.</param>
/// <param name="Kind">Which of its two.</param>
/// <remarks>Immutable and safe for concurrent use.</remarks>
public sealed record LineWork(int Index, string Task, LineKind Kind);
