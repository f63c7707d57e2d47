using Gir.Models.Tensors;

namespace Gir.Models.Training;

/// <summary>Limits the length of the gradient of all parameters together, as torch's clip_grad_norm_.</summary>
public static class GradientClipping
{
    /// <summary>The L2 norm of all gradients.</summary>
    public static double Norm(IEnumerable<Tensor> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Tensor[] gradients = [.. parameters.Select(p => p.Gradient).OfType<Tensor>()];
        if (gradients.Length == 0)
            return 0;
        TensorOps.CheckEngine("gradient norm", gradients[0], gradients);
        double sum = gradients[0].Backend.SumOfSquares(gradients);
        GC.KeepAlive(gradients);
        return Math.Sqrt(sum);
    }

    /// <summary>The factor that brings a gradient of this norm down to the largest allowed one; 1 where it is shorter.</summary>
    public static double Scale(double norm, double maximum)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maximum);
        return Math.Min(1, maximum / (norm + 1e-6));
    }
}
