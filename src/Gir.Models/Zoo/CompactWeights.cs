using Gir.Models.Serialization;

namespace Gir.Models.Zoo;

/// <summary>When a network's weights are kept in 16 bits.</summary>
internal static class CompactWeights
{
    // Fewer take less memory than an image's intermediate results, and widening them costs time in every call.
    private const long Many = 50_000_000;

    /// <summary>What was asked for; null where nothing was asked: whether most of a large network is stored in 16 bits.</summary>
    public static bool Pay(bool? asked, IEnumerable<CheckpointTensor> tensors)
    {
        if (asked is { } given)
            return given;
        (long narrow, long all) = (0, 0);
        foreach (CheckpointTensor tensor in tensors)
        {
            all += tensor.Length;
            narrow += tensor.Type is CheckpointDataType.Float16 or CheckpointDataType.BFloat16 ? tensor.Length : 0;
        }

        return narrow > Many && 2 * narrow > all;
    }
}
