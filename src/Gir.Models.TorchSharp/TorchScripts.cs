using System.Collections.Concurrent;
using System.Globalization;
using Gir.Models.Tensors;
using TorchSharp;

namespace Gir.Models.TorchSharp;

/// <summary>Operators of libtorch that TorchSharp has no method for, reached through TorchScript; one function for each setting, compiled once.</summary>
internal static class TorchScripts
{
    private const string Name = "run";

    private static readonly ConcurrentDictionary<Conv2dGeometry, torch.jit.CompilationUnit> s_weightGradients = new();
    private static readonly ConcurrentDictionary<(int Count, float Epsilon, bool HasWeight, bool HasBias), torch.jit.CompilationUnit> s_normalizations = new();

    /// <summary>The gradient of a convolution's weights.</summary>
    /// <param name="geometry">The convolution's.</param>
    /// <param name="dy">The output's gradient.</param>
    /// <param name="x">The input.</param>
    /// <param name="like">Any tensor of the weights' shape.</param>
    public static torch.Tensor WeightGradient(in Conv2dGeometry geometry, torch.Tensor dy, torch.Tensor x, torch.Tensor like)
    {
        torch.jit.CompilationUnit script = s_weightGradients.GetOrAdd(geometry, static g => Compile(
            "dy, x, w",
            $"torch.convolution_backward(dy, x, w, None, [{g.Stride}, {g.Stride}], [{g.Padding}, {g.Padding}], [{g.Dilation}, {g.Dilation}], False, [0, 0], {g.Groups}, [False, True, False])[1]"));
        return (torch.Tensor)script.invoke(Name, dy, x, like);
    }

    /// <summary>Layer normalization over the last dimension: the result, the means and the reciprocals of the deviations.</summary>
    public static torch.Tensor[] Normalize(int count, float epsilon, torch.Tensor x, torch.Tensor? weight, torch.Tensor? bias)
    {
        torch.jit.CompilationUnit script = s_normalizations.GetOrAdd((count, epsilon, weight is not null, bias is not null), static k =>
        {
            string factors = (k.HasWeight ? ", w" : "") + (k.HasBias ? ", b" : "");
            string call = string.Create(
                CultureInfo.InvariantCulture, $"torch.native_layer_norm(x, [{k.Count}], {(k.HasWeight ? "w" : "None")}, {(k.HasBias ? "b" : "None")}, {(double)k.Epsilon:E17})");
            return Compile("x" + factors, "[r[0], r[1], r[2]]", $"    r = {call}\n");
        });
        object[] arguments = [.. new[] { x, weight, bias }.OfType<torch.Tensor>()];
        return (torch.Tensor[])script.invoke(Name, arguments);
    }

    private static torch.jit.CompilationUnit Compile(string parameters, string expression, string before = "") =>
        torch.jit.compile($"def {Name}({parameters}):\n{before}    return {expression}\n");
}
