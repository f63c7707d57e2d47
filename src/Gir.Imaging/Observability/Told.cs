namespace Gir.Imaging.Observability;

/// <summary>Hands every report on, at once and in order, unlike the framework's.</summary>
/// <param name="told">Is handed what is reported.</param>
internal sealed class Told<T>(Action<T> told) : IProgress<T>
{
    public void Report(T value) => told(value);
}
