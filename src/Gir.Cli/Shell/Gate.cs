using System.Globalization;
using Gir.Imaging.Text;

namespace Gir.Cli.Shell;

/// <summary>What a result must reach, e.g. "psnr>=30": exit code 1 where it does not.</summary>
/// <param name="Name">The measured thing.</param>
/// <param name="IsAtLeast">Whether the value must be at least the bound, else at most.</param>
/// <param name="Bound">The bound.</param>
internal sealed record Gate(string Name, bool IsAtLeast, double Bound)
{
    /// <summary>Reads NAME>=NUMBER or NAME&lt;=NUMBER.</summary>
    /// <exception cref="UsageException">It is neither, or nothing of that name is measured.</exception>
    public static Gate Parse(string text, IReadOnlyList<string> names)
    {
        int at = text.IndexOfAny(['<', '>']);
        if (at <= 0 || at + 2 > text.Length || text[at + 1] != '='
            || !double.TryParse(text.AsSpan(at + 2), NumberStyles.Float, CultureInfo.InvariantCulture, out double bound) || !double.IsFinite(bound))
        {
            throw new UsageException($"--gate {text}: expected NAME>=NUMBER or NAME<=NUMBER.");
        }

        string name = text[..at].Trim();
        return names.FirstOrDefault(n => n.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } known
            ? new Gate(known, text[at] == '>', bound)
            : throw new UsageException($"--gate {text}: '{name}' is not measured; expected {Suggestion.Among(name, names)}.");
    }

    /// <summary>Tells the gates that are not met.</summary>
    /// <param name="terminal">Where to.</param>
    /// <param name="gates">The gates.</param>
    /// <param name="value">What was measured for a gate; null is never enough.</param>
    /// <returns>0 where all are met, else 1.</returns>
    public static int Judge(Terminal terminal, IReadOnlyList<Gate> gates, Func<Gate, double?> value)
    {
        int code = ExitCode.Fine;
        foreach (Gate gate in gates)
        {
            double? found = value(gate);
            if (found is { } number && (gate.IsAtLeast ? number >= gate.Bound : number <= gate.Bound))
                continue;
            terminal.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"gate not met: {gate.Name} is {found?.ToString("0.####", CultureInfo.InvariantCulture) ?? "missing"}, expected {(gate.IsAtLeast ? "at least" : "at most")} {gate.Bound}"));
            code = ExitCode.GateNotMet;
        }

        return code;
    }
}
