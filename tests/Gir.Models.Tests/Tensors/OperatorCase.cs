using Gir.Models.Tensors;

namespace Gir.Models.Tests.Tensors;

/// <summary>How to draw a case of one operator.</summary>
/// <param name="Method">The operator and its number of parameters, e.g. "Sum/3", as the coverage test counts them.</param>
/// <param name="Variant">What distinguishes cases of one operator.</param>
/// <param name="Prepare">Draws options and leaves and returns the call.</param>
internal sealed record OperatorCase(string Method, string Variant, Func<Draw, Func<Tensor[], Tensor>> Prepare)
{
    public override string ToString() => Variant.Length == 0 ? Method : $"{Method} {Variant}";
}
