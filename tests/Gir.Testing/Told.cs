namespace Gir.Testing;

/// <summary>Unlike the framework's, tells at once, in order and on the thread that works.</summary>
/// <param name="told">Is handed what is reported.</param>
public sealed class Told<T>(Action<T> told) : IProgress<T>
{
    /// <inheritdoc/>
    public void Report(T value) => told(value);
}
