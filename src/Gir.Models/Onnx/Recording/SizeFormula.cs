namespace Gir.Models.Onnx.Recording;

/// <summary>The sizes of the network's input, for which a forward pass is recorded.</summary>
/// <param name="Batch">Images.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
internal readonly record struct ProbeSize(int Batch, int Height, int Width)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Batch} x {Height} x {Width}";
}

/// <summary>A whole number as a function of the input's sizes, of operations that ONNX has; compared by value.</summary>
internal abstract record SizeFormula
{
    public static SizeFormula Batch { get; } = new SizeInput(0);

    public static SizeFormula Height { get; } = new SizeInput(1);

    public static SizeFormula Width { get; } = new SizeInput(2);

    /// <summary>The value where it is the same for all inputs; else null.</summary>
    public long? Fixed => this is SizeNumber number ? number.Value : null;

    public abstract long Of(ProbeSize size);

    public static SizeFormula operator +(SizeFormula a, SizeFormula b) => (a, b) switch
    {
        (SizeNumber x, SizeNumber y) => x.Value + y.Value,
        (_, SizeNumber { Value: 0 }) => a,
        (SizeNumber { Value: 0 }, _) => b,
        _ => new SizeOperation('+', a, b),
    };

    public static SizeFormula operator -(SizeFormula a, SizeFormula b) => (a, b) switch
    {
        (SizeNumber x, SizeNumber y) => x.Value - y.Value,
        (_, SizeNumber { Value: 0 }) => a,
        _ when a == b => 0,
        _ => new SizeOperation('-', a, b),
    };

    public static SizeFormula operator *(SizeFormula a, SizeFormula b) => (a, b) switch
    {
        (SizeNumber x, SizeNumber y) => x.Value * y.Value,
        (_, SizeNumber { Value: 1 }) => a,
        (SizeNumber { Value: 1 }, _) => b,
        (SizeNumber { Value: 0 }, _) or (_, SizeNumber { Value: 0 }) => 0,
        _ => new SizeOperation('*', a, b),
    };

    /// <summary>The quotient of numbers that are not negative, rounded down.</summary>
    public static SizeFormula operator /(SizeFormula a, SizeFormula b) => (a, b) switch
    {
        (SizeNumber x, SizeNumber y) => x.Value / y.Value,
        (_, SizeNumber { Value: 1 }) => a,
        _ => new SizeOperation('/', a, b),
    };

    public static SizeFormula Max(SizeFormula a, SizeFormula b) => new SizeOperation('m', a, b);

    public static SizeFormula RoundUp(SizeFormula a, int multiple) => (a + (multiple - 1)) / multiple * multiple;

    public static implicit operator SizeFormula(long value) => new SizeNumber(value);
}

/// <summary>The same for all inputs.</summary>
internal sealed record SizeNumber(long Value) : SizeFormula
{
    public override long Of(ProbeSize size) => Value;
}

/// <summary>A size of the input.</summary>
/// <param name="Dimension">0: images, 1: rows, 2: columns.</param>
internal sealed record SizeInput(int Dimension) : SizeFormula
{
    public override long Of(ProbeSize size) => Dimension switch { 0 => size.Batch, 1 => size.Height, _ => size.Width };
}

/// <summary>Made of two others.</summary>
/// <param name="Sign">One of + - * / and m, the larger one.</param>
/// <param name="A">The first.</param>
/// <param name="B">The second.</param>
internal sealed record SizeOperation(char Sign, SizeFormula A, SizeFormula B) : SizeFormula
{
    public override long Of(ProbeSize size)
    {
        (long a, long b) = (A.Of(size), B.Of(size));
        return Sign switch { '+' => a + b, '-' => a - b, '*' => a * b, '/' => a / b, _ => Math.Max(a, b) };
    }
}
