namespace Gir.Models.Nn;

/// <summary>A module that another program's engine runs: what it needs is not among the memory that this engine measures.</summary>
internal interface IRunsElsewhere
{
}
