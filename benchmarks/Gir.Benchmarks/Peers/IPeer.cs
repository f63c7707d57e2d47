namespace Gir.Benchmarks.Peers;

/// <summary>A library that does the same work as Gir, case by case.</summary>
internal interface IPeer : IDisposable
{
    /// <summary>What tables call it.</summary>
    string Name { get; }

    /// <summary>Milliseconds of one run of a case; negative where it has none of that name, or is not installed.</summary>
    double Run(string name);
}
