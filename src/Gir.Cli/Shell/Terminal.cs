using Spectre.Console;

namespace Gir.Cli.Shell;

/// <summary>Where a command reads and writes: results on the output, progress, notes and errors on the error stream.</summary>
internal sealed class Terminal
{
    private const int RedirectedWidth = 200;

    private readonly Func<Stream> _input;
    private readonly Func<Stream> _output;
    private readonly bool _outputIsTerminal;
    private readonly Lazy<IAnsiConsole> _console;

    /// <summary>Streams that are no terminal, as files and pipes are.</summary>
    public Terminal(Func<Stream> input, Func<Stream> output, TextWriter outputText, TextWriter error)
        : this(input, output, outputText, error, outputIsTerminal: false, errorIsTerminal: false)
    {
    }

    private Terminal(Func<Stream> input, Func<Stream> output, TextWriter outputText, TextWriter error, bool outputIsTerminal, bool errorIsTerminal)
    {
        (_input, _output, Output, Error, _outputIsTerminal, ErrorIsTerminal) = (input, output, outputText, error, outputIsTerminal, errorIsTerminal);
        _console = new Lazy<IAnsiConsole>(() => CreateConsole(Output, _outputIsTerminal));
    }

    /// <summary>Text of results.</summary>
    public TextWriter Output { get; }

    /// <summary>Text of progress, notes and errors.</summary>
    public TextWriter Error { get; }

    /// <summary>Whether somebody watches the error stream.</summary>
    public bool ErrorIsTerminal { get; }

    /// <summary>Whether progress, notes and closing words are left out.</summary>
    public bool Quiet { get; set; }

    /// <summary>Clock of the progress.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Tables on the output: plain text of a fixed width where that is a file or a pipe.</summary>
    public IAnsiConsole Console => _console.Value;

    /// <summary>The streams of this process.</summary>
    public static Terminal OfProcess() => new(
        System.Console.OpenStandardInput,
        System.Console.OpenStandardOutput,
        System.Console.Out,
        System.Console.Error,
        !System.Console.IsOutputRedirected,
        !System.Console.IsErrorRedirected);

    /// <summary>The input's bytes.</summary>
    public Stream OpenInput() => _input();

    /// <summary>The output's bytes, for what is no text.</summary>
    public Stream OpenOutput() => _output();

    /// <summary>Closing words of a command whose results are elsewhere.</summary>
    public void Say(string text)
    {
        if (!Quiet)
            Output.WriteLine(text);
    }

    /// <summary>Something worth knowing that changes no result.</summary>
    public void Note(string text)
    {
        if (!Quiet)
            Error.WriteLine(text);
    }

    /// <summary>Bars on the error stream.</summary>
    public IAnsiConsole CreateErrorConsole() => CreateConsole(Error, ErrorIsTerminal);

    private static IAnsiConsole CreateConsole(TextWriter writer, bool isTerminal)
    {
        var settings = new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) };
        if (isTerminal)
        {
            // https://no-color.org: any value that is not empty.
            if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")))
                settings.ColorSystem = ColorSystemSupport.NoColors;
            return AnsiConsole.Create(settings);
        }

        settings.Ansi = AnsiSupport.No;
        settings.ColorSystem = ColorSystemSupport.NoColors;
        settings.Interactive = InteractionSupport.No;
        IAnsiConsole console = AnsiConsole.Create(settings);
        console.Profile.Width = RedirectedWidth;
        return console;
    }
}
