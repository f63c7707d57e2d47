namespace Gir.Degradations.Snow;

/// <summary>Where the snow mask Z of the GIR paper's Eq. 17 comes from.</summary>
public enum SnowSource
{
    /// <summary>Generated flakes.</summary>
    Procedural,

    /// <summary>Masks given by the program, e.g. those of a published data set.</summary>
    Masks,
}
