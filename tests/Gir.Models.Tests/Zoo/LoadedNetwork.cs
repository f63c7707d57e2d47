using Gir.Models.Serialization;
using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Tests.Zoo;

/// <summary>Networks by way of a file, as users load them.</summary>
internal static class LoadedNetwork
{
    /// <summary>The network of a state dictionary.</summary>
    public static RestorationNetwork Of(IEnumerable<KeyValuePair<string, Tensor>> state, HyperParameters? hyper = null)
    {
        using var file = new MemoryStream();
        SafeTensorsFile.Write(file, state);
        return ModelZoo.Network(
            Checkpoint.Read(file.ToArray(), "made.safetensors"), "made.safetensors", new ModelZooOptions { HyperParameters = hyper ?? HyperParameters.None });
    }
}
