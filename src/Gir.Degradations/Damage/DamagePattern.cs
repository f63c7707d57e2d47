namespace Gir.Degradations.Damage;

/// <summary>Where an image is damaged.</summary>
public enum DamagePattern
{
    /// <summary>Along random straight lines.</summary>
    Lines,

    /// <summary>Where a mask given by the user says so, e.g. photographed scratches.</summary>
    Mask,

    /// <summary>Along thin, bent scratches of uneven strength, as on old photographs (Gir's own; no mask is needed).</summary>
    Scratches,
}
