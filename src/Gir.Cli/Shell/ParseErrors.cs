using System.CommandLine;
using System.CommandLine.Parsing;
using Gir.Imaging.Text;

namespace Gir.Cli.Shell;

/// <summary>Arguments that cannot be understood.</summary>
internal static class ParseErrors
{
    /// <summary>The first error, with what may have been meant.</summary>
    public static string Describe(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        if (Swallowed(parsed.CommandResult) is { } swallowed)
            return swallowed;
        if (parsed.UnmatchedTokens.Count > 0)
        {
            string unknown = parsed.UnmatchedTokens[0];
            bool isOption = unknown.StartsWith('-');
            string[] known = [.. isOption ? OptionNames(parsed.CommandResult) : command.Subcommands.Select(c => c.Name)];
            string kind = isOption ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
            string meant = Suggestion.Nearest(unknown.Split('=')[0], known) is { } nearest ? $"Did you mean '{nearest}'?" : $"See {Path(parsed.CommandResult)} --help.";
            return $"There is no {kind} '{Suggestion.Shortened(unknown)}'. {meant}";
        }

        if (parsed.Errors.Count == 0)
            return "The arguments cannot be understood.";
        ParseError error = parsed.Errors[0];
        return error.SymbolResult is OptionResult { Tokens: [var value, ..] } option && Expected(option.Option.ValueType) is { } expected
            ? $"{option.Option.Name} {Suggestion.Shortened(value.Value)}: expected {expected}."
            : error.Message;
    }

    /// <summary>An option without its value takes the next one for it, and what follows is then called an unknown argument.</summary>
    private static string? Swallowed(CommandResult command)
    {
        string[] names = [.. command.Command.Options.SelectMany(o => o.Aliases.Append(o.Name))];
        foreach (OptionResult option in command.Children.OfType<OptionResult>())
        {
            if (option.Tokens.FirstOrDefault(t => names.Contains(t.Value)) is { } token)
                return $"{option.Option.Name}: expected a value, found the option '{token.Value}'.";
        }

        return null;
    }

    /// <summary>What the value of an option of numbers looks like; null for other types.</summary>
    private static string? Expected(Type type)
    {
        Type number = Nullable.GetUnderlyingType(type) ?? type;
        if (number == typeof(int))
            return $"a whole number of at most {int.MaxValue}";
        if (number == typeof(ulong))
            return $"a whole number of 0..{ulong.MaxValue}";
        return number == typeof(double) || number == typeof(float) ? "a number" : null;
    }

    /// <summary>Refuses options whose value is empty, as an unset variable of a shell makes them.</summary>
    public static void RequireValues(CommandResult command)
    {
        foreach (OptionResult option in command.Children.OfType<OptionResult>())
        {
            if (option.Tokens.Any(t => string.IsNullOrWhiteSpace(t.Value)))
                throw new UsageException($"{option.Option.Name}: expected a value, not an empty text.");
        }
    }

    private static IEnumerable<string> OptionNames(CommandResult result)
    {
        for (SymbolResult? level = result; level is CommandResult command; level = level.Parent)
        {
            foreach (Option option in command.Command.Options.Where(o => level == result || o.Recursive))
            {
                yield return option.Name;
                foreach (string alias in option.Aliases.Where(a => a.StartsWith("--", StringComparison.Ordinal)))
                    yield return alias;
            }
        }
    }

    private static string Path(CommandResult result)
    {
        var names = new Stack<string>();
        for (SymbolResult? level = result; level is CommandResult { Parent: not null } command; level = level.Parent)
            names.Push(command.Command.Name);
        return string.Join(' ', names.Prepend("gir"));
    }
}
