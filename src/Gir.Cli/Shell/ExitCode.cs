namespace Gir.Cli.Shell;

/// <summary>What every command's exit code means.</summary>
internal static class ExitCode
{
    /// <summary>All was done.</summary>
    public const int Fine = 0;

    /// <summary>All was done, and a gate that the user set is not met.</summary>
    public const int GateNotMet = 1;

    /// <summary>Something that the user can put right: an option, a file, a folder.</summary>
    public const int Usage = 2;

    /// <summary>Some inputs were left out; the error stream lists them.</summary>
    public const int Partly = 3;

    /// <summary>A mistake of the program's own.</summary>
    public const int Bug = 70;

    /// <summary>Stopped by Ctrl-C or by a request to terminate.</summary>
    public const int Canceled = 130;
}
