namespace Gir.Models.Tensors;

/// <summary>Operands of an operator do not fit together; the message names the operator, the shapes and what was expected.</summary>
public sealed class TensorShapeException : ArgumentException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="operation">The operator, e.g. "conv2d".</param>
    /// <param name="found">The shapes found, e.g. "input [1, 3, 8, 8], weight [4, 2, 3, 3]".</param>
    /// <param name="expected">What was expected, e.g. "weight [*, 3, *, *]".</param>
    public TensorShapeException(string operation, string found, string expected)
        : base($"{operation}: found {found}; expected {expected}.")
    {
        Operation = operation;
    }

    /// <summary>The operator.</summary>
    public string Operation { get; }
}
