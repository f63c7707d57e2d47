using Gir.Models.Tensors;

namespace Gir.Models.Zoo;

/// <summary>One hyper-parameter of an architecture: its official name, and how it goes into the network's options and out of them.</summary>
/// <typeparam name="TOptions">The network's options.</typeparam>
/// <param name="Name">The official constructor's argument.</param>
/// <param name="Read">Puts it into options: from a checkpoint's shapes (null where there is none), hyper-parameters, or what the others say.</param>
/// <param name="Text">Its value for people; null where it is not in use.</param>
internal sealed record HyperParameter<TOptions>(
    string Name, Func<TOptions, IReadOnlyDictionary<string, TensorShape>?, HyperParameters, TOptions> Read, Func<TOptions, string?> Text);
