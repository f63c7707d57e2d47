using System.CommandLine;
using System.CommandLine.Completions;
using Gir.Models.Restoration;
using Gir.Models.Zoo;

namespace Gir.Cli.Shell;

/// <summary>Restorers as a user names them, with failures in the tool's words.</summary>
internal static class RestorerFactory
{
    // What the settings of networks are called on the command line.
    private static readonly Dictionary<string, string> s_options = new()
    {
        [nameof(NetworkRestorerOptions.TileSize)] = "--tile",
        [nameof(NetworkRestorerOptions.TileOverlap)] = "--overlap",
        [nameof(NetworkRestorerOptions.MemoryBudget)] = "--memory",
        [nameof(NetworkRestorerOptions.NoiseLevel)] = "--noise",
    };

    /// <summary>All names that need no file, without settings.</summary>
    public static IEnumerable<string> Names => ModelZoo.Shipped.Concat(ClassicalRestorers.Names);

    /// <summary>Offers the names where a shell completes an option.</summary>
    public static void Complete(Option option) => option.CompletionSources.Add(_ => Names.Select(n => new CompletionItem(n)));

    /// <summary>Makes one.</summary>
    /// <param name="option">The option that names it, for messages.</param>
    /// <param name="text">A name, an expression or a path: see <see cref="Restorers.Create"/>.</param>
    /// <param name="options">Settings; null means the defaults.</param>
    /// <exception cref="UsageException">There is none of that name, or an option does not fit.</exception>
    public static IRestorer Create(string option, string text, RestorerOptions? options = null)
    {
        if (OptionalPackages.IsOnnx(text) && File.Exists(text))
            OptionalPackages.AddOnnx(option, text);
        try
        {
            return Restorers.Create(text, options);
        }
        catch (FileNotFoundException e) when (e.FileName != text)
        {
            throw new UsageException($"{option} {text}: {e.Message}");
        }
        catch (FileNotFoundException)
        {
            throw new UsageException($"{option} {text}: there is no such file.");
        }
        catch (ArgumentOutOfRangeException e) when (e.ParamName is { } setting && s_options.TryGetValue(setting, out string? named))
        {
            throw new UsageException($"{named}: {e.Message}");
        }
        catch (ArgumentException e)
        {
            throw new UsageException($"{option} {text}: {e.Message}");
        }
    }

    /// <summary>Whether a text names a network and no classical restorer.</summary>
    public static bool IsNetwork(string text) => ModelZoo.Shipped.Contains(text, StringComparer.OrdinalIgnoreCase) || Path.Exists(text);
}
