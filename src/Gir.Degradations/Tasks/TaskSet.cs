using System.Globalization;
using Gir.Imaging;
using Gir.Imaging.Text;

namespace Gir.Degradations.Tasks;

/// <summary>Names sets of tasks in one word, for command lines and configuration.</summary>
public static class TaskSet
{
    private const int LongestFile = 1 << 20;
    private const string Cross = "cross:";
    private const string Expected = "single, representative, cross:SEED (a 64-bit number), cross:SEED:NUMBERS, task numbers such as 1-10,21, or a file of tasks";

    /// <summary>Reads the name of a task set.</summary>
    /// <param name="text">
    /// "single" (tasks 1 to 10), "representative" (1 to 50), "cross:SEED" (50 random tasks of a secret seed), "cross:SEED:1-10,21" (those of
    /// these numbers), numbers of representative tasks such as "1-10,21", or the path of a file with one task a line: an expression, or "id: expression"; lines that start with
    /// '#' are comments, and tasks without id are called after the line, "line 3".
    /// </param>
    /// <exception cref="DegradationException">The text names no set; the message says what is wrong, and where.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static IReadOnlyList<DegradationTask> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string name = text.Trim();
        if (name == "single")
            return RepresentativeTasks.Single;
        if (name == "representative")
            return RepresentativeTasks.All;
        if (name.StartsWith(Cross, StringComparison.Ordinal))
            return CrossValidation(name[Cross.Length..]);
        if (name.Length > 0 && name.All(c => char.IsAsciiDigit(c) || c is ',' or '-' or ' '))
            return Numbers(name, RepresentativeTasks.All);
        if (File.Exists(name))
            return Load(name);
        throw new DegradationException($"'{Suggestion.Shortened(name)}' names no set of tasks, and there is no such file: expected {Expected}.");
    }

    /// <summary>Reads the name of one task.</summary>
    /// <param name="text">The number of a representative task, "17", or that of a random task of a secret seed, "cross:SEED:17".</param>
    /// <exception cref="DegradationException">The text names no task, or more than one; the message says what was expected.</exception>
    public static DegradationTask ParseOne(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string name = text.Trim();
        IReadOnlyList<DegradationTask> tasks = name.StartsWith(Cross, StringComparison.Ordinal) ? CrossValidation(name[Cross.Length..]) : [RepresentativeTasks.Find(name)];
        return tasks.Count == 1 ? tasks[0] : throw new DegradationException(
            $"'{Suggestion.Shortened(name)}' names {tasks.Count} tasks: expected one, 1..{RepresentativeTasks.All.Count} or cross:SEED:NUMBER.");
    }

    private static IReadOnlyList<DegradationTask> CrossValidation(string text)
    {
        string[] parts = text.Split(':', 2);
        if (!ulong.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed))
            throw new DegradationException($"cross:{Suggestion.Shortened(text)}: expected a seed of 0..{ulong.MaxValue}.");
        IReadOnlyList<DegradationTask> all = RandomTaskSampler.CrossValidation(seed);
        return parts.Length == 1 ? all : Numbers(parts[1], all);
    }

    private static List<DegradationTask> Numbers(string text, IReadOnlyList<DegradationTask> all)
    {
        var tasks = new List<DegradationTask>();
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            string[] ends = part.Split('-', StringSplitOptions.TrimEntries);
            if (ends.Length > 2 || !IsNumber(ends[0], all.Count, out int first) || !IsNumber(ends[^1], all.Count, out int last) || last < first)
                throw new DegradationException($"'{Suggestion.Shortened(part)}' in '{Suggestion.Shortened(text)}': expected a task number of 1..{all.Count} or a range such as 1-10.");
            for (int number = first; number <= last; number++)
            {
                DegradationTask task = all[number - 1];
                if (tasks.Contains(task))
                    throw new DegradationException($"Task {number} is named twice in '{Suggestion.Shortened(text)}'.");
                tasks.Add(task);
            }
        }

        return tasks;
    }

    private static bool IsNumber(string text, int count, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= 1 && number <= count;

    private static List<DegradationTask> Load(string path)
    {
        string[] lines = Lines(path);
        var tasks = new List<DegradationTask>();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].Trim();
            if (line.Length == 0 || line[0] == '#')
                continue;
            string where = string.Create(CultureInfo.InvariantCulture, $"line {i + 1}");
            // No expression holds a colon.
            int colon = line.LastIndexOf(':');
            string id = colon < 0 ? where : line[..colon].Trim();
            if (id.Length is 0 or > 128)
                throw new DegradationException($"{path}, {where}: expected an id of 1..128 characters before the colon.");
            if (!ids.Add(id))
                throw new DegradationException($"{path}, {where}: the id '{id}' is taken already.");
            tasks.Add(new DegradationTask(id, Parse(path, where, line[(colon + 1)..])));
        }

        return tasks.Count > 0 ? tasks : throw new DegradationException($"{path}: the file holds no task.");
    }

    private static string[] Lines(string path)
    {
        using FileStream file = File.OpenRead(path);
        string text = BoundedText.Read(file, LongestFile)
            ?? throw new DegradationException($"{path}: a file of tasks may have at most {LongestFile} bytes.");
        return text.ReplaceLineEndings("\n").Split('\n');
    }

    private static DegradationPipeline Parse(string path, string where, string expression)
    {
        try
        {
            return DegradationPipeline.Parse(expression.Trim(), DegradationPipelineOptions.Benchmark);
        }
        catch (DegradationException exception)
        {
            throw new DegradationException($"{path}, {where}: {exception.Message}", exception);
        }
    }
}
