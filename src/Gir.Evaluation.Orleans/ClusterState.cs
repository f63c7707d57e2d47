namespace Gir.Evaluation.Orleans;

/// <summary>How a cluster does while a benchmark runs on it.</summary>
/// <param name="Silos">Silos that take part.</param>
/// <param name="Cores">Their cores.</param>
/// <param name="Lost">How often a silo was lost so far, and its work given to others.</param>
/// <param name="ResultsPerSecond">Results in the last seconds, by the second.</param>
public readonly record struct ClusterState(int Silos, int Cores, int Lost, double ResultsPerSecond);
