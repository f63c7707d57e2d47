namespace Gir.Cli.Shell;

/// <summary>Inputs that a command goes on without: each is told at once, and all of them at the end.</summary>
/// <param name="terminal">Where to.</param>
/// <param name="stops">Whether the first one stops the command: it was asked for, or was the only input.</param>
internal sealed class LeftOut(Terminal terminal, bool stops)
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, string> _reasons = new(StringComparer.Ordinal);

    /// <summary>Whether the first one stops the command.</summary>
    public bool Stops => stops;

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _reasons.Count;
        }
    }

    /// <summary>Whether a failure is an input's own, so that others may fare better.</summary>
    public static bool IsInputs(Exception e) => Failures.IsExpected(e) || e is ArgumentException;

    /// <summary>Leaves an input out.</summary>
    /// <param name="path">The input.</param>
    /// <param name="e">Why.</param>
    /// <exception cref="UsageException">The first one stops the command.</exception>
    public void Add(string path, Exception e)
    {
        string reason = Failures.OneLine(e.Message);
        string told = reason.Contains(path, StringComparison.Ordinal) ? reason : $"{path}: {reason}";
        if (stops)
            throw new UsageException(told);
        lock (_gate)
        {
            if (_reasons.TryAdd(path, told))
                terminal.Error.WriteLine("left out: " + told);
        }
    }

    /// <summary>Lists what was left out.</summary>
    /// <param name="total">How many inputs there were.</param>
    /// <returns>0 without any, 3 where some were done, 2 where none was.</returns>
    public int Close(int total)
    {
        lock (_gate)
        {
            if (_reasons.Count == 0)
                return ExitCode.Fine;
            terminal.Error.WriteLine($"{_reasons.Count} of {total} images left out: {string.Join(", ", _reasons.Keys.Select(Path.GetFileName))}");
            return _reasons.Count < total ? ExitCode.Partly : ExitCode.Usage;
        }
    }
}
