namespace Gir.Metrics.NoReference.Files;

/// <summary>A matrix read from a file, row by row.</summary>
internal sealed record NumericArray(int Rows, int Columns, double[] Values)
{
    public void RequireSize(string what, int rows, int columns)
    {
        bool vector = rows == 1 && Rows * Columns == columns && (Rows == 1 || Columns == 1);
        if (!vector && (Rows != rows || Columns != columns))
            throw new InvalidDataException($"expected a {what} of {rows} x {columns}, but it is {Rows} x {Columns}.");
    }
}
