using Spectre.Console;

namespace Gir.Samples;

/// <summary>The console of a sample: plain text of a fixed width where its output goes to a file or a pipe.</summary>
internal static class SampleConsole
{
    private const int RedirectedWidth = 200;

    public static IAnsiConsole Create()
    {
        if (!Console.IsOutputRedirected)
            return AnsiConsole.Create(new AnsiConsoleSettings());
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        console.Profile.Width = RedirectedWidth;
        return console;
    }
}
