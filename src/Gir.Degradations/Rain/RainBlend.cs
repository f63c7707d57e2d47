namespace Gir.Degradations.Rain;

/// <summary>How streaks are laid over an image.</summary>
public enum RainBlend
{
    /// <summary>Image plus streaks, clipped: Eq. 14 of the GIR paper and the reference generator.</summary>
    Add,

    /// <summary>1 - (1 - image)(1 - streaks), as photo editors do it: bright regions do not clip.</summary>
    Screen,
}
