using Gir.Evaluation.Orleans.Messages;

namespace Gir.Evaluation.Orleans.Coordination;

/// <summary>The cluster, as far as a coordinator needs it.</summary>
internal interface IDesks
{
    /// <summary>The silos that are alive, as far as is known.</summary>
    Task<IReadOnlyList<string>> SilosAsync();

    /// <summary>A run's desk on a silo.</summary>
    IDeskGrain Find(string silo, string run);

    /// <summary>A training of lines on a silo.</summary>
    ILineGrain FindLines(string silo, string run);
}
