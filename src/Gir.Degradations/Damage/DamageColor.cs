namespace Gir.Degradations.Damage;

/// <summary>The color of the damage; one for the whole image.</summary>
public enum DamageColor
{
    /// <summary>White or black, each with probability 1/2: the benchmark.</summary>
    Random,

    /// <summary>clamp(image + mask).</summary>
    White,

    /// <summary>clamp(image - mask).</summary>
    Black,

    /// <summary>image (1 - mask) + color mask, with the color given by the operator's red, green and blue.</summary>
    Custom,
}
