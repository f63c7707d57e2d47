namespace Gir.Degradations.Noise;

/// <summary>The distribution of noise.</summary>
public enum NoiseKind
{
    /// <summary>x + N(0, (sigma / 255)^2): the benchmark's noise.</summary>
    Gaussian,

    /// <summary>Poisson(x * scale) / scale: photon noise, where white counts as "scale" photons.</summary>
    Poisson,

    /// <summary>x (1 + N(0, (sigma / 255)^2)): multiplicative noise.</summary>
    Speckle,

    /// <summary>A fraction "amount" of the samples is replaced, half of them by black, half by white.</summary>
    SaltAndPepper,
}
