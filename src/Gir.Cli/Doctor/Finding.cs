namespace Gir.Cli.Doctor;

/// <summary>How one part of the installation is.</summary>
/// <param name="Part">What was looked at.</param>
/// <param name="State">How it is.</param>
/// <param name="Text">One line for a reader.</param>
internal sealed record Finding(string Part, FindingState State, string Text);

internal enum FindingState
{
    /// <summary>It works.</summary>
    Fine,

    /// <summary>It works, slower than it could.</summary>
    Slow,

    /// <summary>It is optional and not there.</summary>
    Absent,

    /// <summary>It should work and does not.</summary>
    Broken,
}
