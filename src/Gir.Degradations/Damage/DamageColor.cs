namespace Gir.Degradations.Damage;

/// <summary>The colour of the damage; one for the whole image.</summary>
public enum DamageColor
{
    /// <summary>White or black, each with probability 1/2: the benchmark.</summary>
    Random,

    /// <summary>clamp(image + mask).</summary>
    White,

    /// <summary>clamp(image - mask).</summary>
    Black,

    /// <summary>image (1 - mask) + colour mask, with the colour given by the operator's red, green and blue.</summary>
    Custom,
}
