using Gir.Models.Tensors;

namespace Gir.Models.Serialization;

/// <summary>Sizes from a file, made a shape.</summary>
internal static class CheckpointShape
{
    /// <summary>More dimensions than any network has; bounds recursion.</summary>
    public const int MaxRank = 16;

    public static TensorShape Create(CheckpointSource source, long offset, string quotedName, ReadOnlySpan<long> sizes)
    {
        string text = string.Join(", ", sizes.ToArray());
        if (sizes.Length > MaxRank)
            source.Fail(offset, $"tensor {quotedName} has {sizes.Length} dimensions; at most {MaxRank} are supported.");
        var narrow = new int[sizes.Length];
        // No size may be absurd even where another one is 0.
        long length = 1;
        for (int i = 0; i < sizes.Length; i++)
        {
            if (sizes[i] < 0 || sizes[i] > Array.MaxLength)
                source.Fail(offset, $"tensor {quotedName} has the shape [{text}]; expected sizes of 0 .. {Array.MaxLength}.");
            narrow[i] = (int)sizes[i];
            length *= Math.Max(1, sizes[i]);
            if (length > Array.MaxLength)
                source.Fail(offset, $"tensor {quotedName} has the shape [{text}]: more elements than fit in memory.");
        }

        return TensorShape.Create(narrow);
    }
}
