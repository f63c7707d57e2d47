using System.CommandLine;
using Gir.Cli.Shell;

namespace Gir.Cli.Completion;

/// <summary>Prints what teaches a shell to complete gir's commands and options.</summary>
internal static class CompletionCommand
{
    // The tool answers "[suggest:POSITION] LINE" with one completion a line.
    private const string Bash = """
        _gir() {
            local line=${COMP_LINE} position=${COMP_POINT}
            mapfile -t COMPREPLY < <(compgen -W "$("${COMP_WORDS[0]}" "[suggest:${position}]" "${line}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}")
        }
        complete -o default -F _gir gir
        """;

    private const string Zsh = """
        _gir() {
            local completions=("${(@f)$(gir "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
            compadd -a completions || _files
        }
        compdef _gir gir
        """;

    private const string Fish = """
        complete -c gir -a '(gir "[suggest:"(commandline -C)"]" (commandline) 2>/dev/null)'
        """;

    private const string PowerShell = """
        Register-ArgumentCompleter -Native -CommandName gir -ScriptBlock {
            param($wordToComplete, $commandAst, $cursorPosition)
            gir "[suggest:$cursorPosition]" "$commandAst" | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
            }
        }
        """;

    private static readonly (string Shell, string Script)[] s_scripts = [("bash", Bash), ("zsh", Zsh), ("fish", Fish), ("pwsh", PowerShell)];

    public static Command Create(Terminal terminal)
    {
        string[] shells = [.. s_scripts.Select(s => s.Shell)];
        var shell = new Argument<string>("shell") { Description = string.Join(", ", shells) };
        shell.AcceptOnlyFromAmong(shells);
        var command = new Command("completion", "Prints a script that completes commands and options, e.g. source <(gir completion bash).") { shell };
        command.SetAction(parsed => terminal.Output.WriteLine(s_scripts.First(s => s.Shell == parsed.GetValue(shell)).Script.ReplaceLineEndings("\n")));
        return command;
    }
}
