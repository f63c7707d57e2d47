namespace Gir.Degradations;

/// <summary>Which published ranges random parameters are drawn from.</summary>
public enum RandomRange
{
    /// <summary>The GIR paper, appendix A.1: kernels of odd size 7..23.</summary>
    Paper,

    /// <summary>The public generator closest to it: kernels of odd size 7..21; otherwise as the paper.</summary>
    Generator,
}
