using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Restoration;

/// <summary>Hashes of everything that restorations depend on.</summary>
internal static class RestorerIdentity
{
    public static string Of(RestorationNetwork network, NetworkRestorerOptions options)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, string.Create(
            CultureInfo.InvariantCulture,
            $"{network.Architecture} {network.Configuration} {options.TileSize} {options.TileOverlap ?? network.TileOverlap} {options.SelfEnsemble} {options.NoiseLevel:R} {options.MemoryBudget}"));
        return Finish(hash, network.Module.StateDictionary());
    }

    /// <summary>Of tensors by key, and of settings in words.</summary>
    public static string Of(string settings, IEnumerable<KeyValuePair<string, Tensor>> state)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, settings);
        return Finish(hash, state);
    }

    /// <summary>Of a restorer that is made of others, each with its part in it.</summary>
    public static string Of(IEnumerable<KeyValuePair<string, IRestorer>> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((string part, IRestorer restorer) in parts)
            Append(hash, $"{part} {restorer.Info.Name} {restorer.Identity}");
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string Finish(IncrementalHash hash, IEnumerable<KeyValuePair<string, Tensor>> state)
    {
        foreach ((string key, Tensor tensor) in state)
        {
            Append(hash, string.Create(CultureInfo.InvariantCulture, $"{key} {tensor.Shape}"));
            hash.AppendData(MemoryMarshal.AsBytes<float>(tensor.ToArray()));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // The line feed keeps neighboring texts apart.
    private static void Append(IncrementalHash hash, string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + "\n"));
}
