namespace Gir.Degradations.Blur;

/// <summary>The shape of a blur kernel.</summary>
public enum BlurKind
{
    /// <summary>exp(-r^2 / (2 sigma^2)): the benchmark's blur.</summary>
    Isotropic,

    /// <summary>A Gaussian with two standard deviations and a direction.</summary>
    Anisotropic,

    /// <summary>exp(-d^beta / 2), d the squared Mahalanobis distance.</summary>
    GeneralizedGaussian,

    /// <summary>1 / (1 + d^beta), d the squared Mahalanobis distance.</summary>
    Plateau,

    /// <summary>A straight motion of the camera.</summary>
    Motion,

    /// <summary>Defocus by a round aperture.</summary>
    Disk,
}
