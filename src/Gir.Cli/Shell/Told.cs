namespace Gir.Cli.Shell;

/// <summary>Unlike the framework's, tells at once and in order.</summary>
internal sealed class Told<T>(Action<T> told) : IProgress<T>
{
    public void Report(T value) => told(value);
}
