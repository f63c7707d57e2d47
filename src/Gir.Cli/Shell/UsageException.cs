namespace Gir.Cli.Shell;

/// <summary>Something the user can put right: told in one line, exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
