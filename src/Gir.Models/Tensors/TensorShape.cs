using System.Runtime.CompilerServices;

namespace Gir.Models.Tensors;

/// <summary>The sizes of a tensor's dimensions, outermost first; immutable. Rank 0 is a scalar.</summary>
[CollectionBuilder(typeof(TensorShape), nameof(Create))]
public readonly struct TensorShape : IEquatable<TensorShape>
{
    private readonly int[]? _sizes;

    private TensorShape(int[] sizes) => _sizes = sizes;

    /// <summary>Number of dimensions.</summary>
    public int Rank => _sizes?.Length ?? 0;

    /// <summary>The sizes, outermost first.</summary>
    public ReadOnlySpan<int> Sizes => _sizes;

    /// <summary>One size; a negative index counts from the innermost dimension, -1 being the last.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The dimension does not exist.</exception>
    public int this[int dimension] => Sizes[Dimension(dimension)];

    /// <summary>Makes a shape.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative, or there are more elements than an array can hold.</exception>
    public static TensorShape Create(params ReadOnlySpan<int> sizes)
    {
        // Sizes of 0 do not count, so that no stride overflows either.
        long length = 1;
        foreach (int size in sizes)
        {
            if (size < 0)
                throw new ArgumentOutOfRangeException(nameof(sizes), $"{Text(sizes)} has a negative size.");
            length *= Math.Max(size, 1);
            if (length > Array.MaxLength)
                throw new ArgumentOutOfRangeException(nameof(sizes), $"{Text(sizes)} has too many elements; at most {Array.MaxLength} fit in one tensor.");
        }

        return new TensorShape(sizes.ToArray());
    }

    /// <summary>The non-negative index of a dimension that may be given from the end.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The dimension does not exist.</exception>
    public int Dimension(int dimension)
    {
        int index = dimension < 0 ? dimension + Rank : dimension;
        if ((uint)index >= (uint)Rank)
            throw new ArgumentOutOfRangeException(nameof(dimension), dimension, $"Shape {this} has {Rank} dimensions.");
        return index;
    }

    /// <summary>Elements between neighbors along a dimension: the product of the sizes inside it.</summary>
    public int Stride(int dimension)
    {
        int stride = 1;
        for (int d = Dimension(dimension) + 1; d < Rank; d++)
            stride *= Sizes[d];
        return stride;
    }

    /// <summary>Whether these are the sizes; no shape is made for the comparison.</summary>
    internal bool Is(params ReadOnlySpan<int> sizes) => Sizes.SequenceEqual(sizes);

    /// <summary>The same shape with one size replaced.</summary>
    public TensorShape With(int dimension, int size)
    {
        int[] sizes = Sizes.ToArray();
        sizes[Dimension(dimension)] = size;
        return Create(sizes);
    }

    /// <summary>The common shape of two operands by NumPy's rule, or null where they do not fit.</summary>
    public static TensorShape? Broadcast(TensorShape a, TensorShape b)
    {
        if (a == b)
            return a;
        var sizes = new int[Math.Max(a.Rank, b.Rank)];
        for (int i = 1; i <= sizes.Length; i++)
        {
            int left = i <= a.Rank ? a[-i] : 1;
            int right = i <= b.Rank ? b[-i] : 1;
            if (left != right && left != 1 && right != 1)
                return null;
            sizes[^i] = left == 1 ? right : left;
        }

        return Create(sizes);
    }

    /// <inheritdoc/>
    public bool Equals(TensorShape other) => Sizes.SequenceEqual(other.Sizes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is TensorShape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (int size in Sizes)
            hash.Add(size);
        return hash.ToHashCode();
    }

    /// <summary>"[2, 3, 8, 8]".</summary>
    public override string ToString() => Text(Sizes);

    /// <summary>Enumerates the sizes.</summary>
    public ReadOnlySpan<int>.Enumerator GetEnumerator() => Sizes.GetEnumerator();

    /// <summary>Whether two shapes have the same sizes.</summary>
    public static bool operator ==(TensorShape left, TensorShape right) => left.Equals(right);

    /// <summary>Whether two shapes differ.</summary>
    public static bool operator !=(TensorShape left, TensorShape right) => !left.Equals(right);

    private static string Text(ReadOnlySpan<int> sizes) => "[" + string.Join(", ", sizes.ToArray()) + "]";
}

/// <summary>The number of elements of a shape.</summary>
public static class TensorShapeExtensions
{
    // An instance property of this name would be taken for the number of sizes where a shape is spread: [.. shape, m, n].
    extension(TensorShape shape)
    {
        /// <summary>Number of elements: the product of the sizes.</summary>
        public int Length
        {
            get
            {
                int length = 1;
                foreach (int size in shape.Sizes)
                    length *= size;
                return length;
            }
        }
    }
}
