using System.Collections.Concurrent;
using Gir.Models.Tensors;
using TorchSharp;

namespace Gir.Models.TorchSharp;

/// <summary>Operators of libtorch that TorchSharp has no method for, reached through TorchScript; one function for each geometry, compiled once.</summary>
internal static class TorchScripts
{
    private const string Name = "run";

    private static readonly ConcurrentDictionary<Conv2dGeometry, torch.jit.CompilationUnit> s_weightGradients = new();

    /// <summary>The gradient of a convolution's weights.</summary>
    /// <param name="geometry">The convolution's.</param>
    /// <param name="dy">The output's gradient.</param>
    /// <param name="x">The input.</param>
    /// <param name="like">Any tensor of the weights' shape.</param>
    public static torch.Tensor WeightGradient(in Conv2dGeometry geometry, torch.Tensor dy, torch.Tensor x, torch.Tensor like)
    {
        torch.jit.CompilationUnit script = s_weightGradients.GetOrAdd(geometry, static g => torch.jit.compile(
            $"""
            def {Name}(dy, x, w):
                return torch.convolution_backward(dy, x, w, None, [{g.Stride}, {g.Stride}], [{g.Padding}, {g.Padding}], [{g.Dilation}, {g.Dilation}], False, [0, 0], {g.Groups}, [False, True, False])[1]

            """));
        return (torch.Tensor)script.invoke(Name, dy, x, like);
    }
}
