using Gir.Models.Serialization;
using Gir.Models.Tensors;

namespace Gir.Models.Zoo;

/// <summary>
/// Finds the networks in a checkpoint. Trainers wrap a network into dictionaries ("params_ema") and put the names of the attributes that held it before its
/// keys ("module.", "_orig_mod.", "generator."); whatever they are called, an architecture knows its own keys once enough is taken off.
/// </summary>
internal sealed class NetworkSearch(IReadOnlyList<ArchitectureDescriptor> architectures)
{
    // A network is no attribute of an attribute of an attribute ..
    private const int DeepestPrefix = 8;

    // What trainers keep beside the network that restores.
    private static readonly string[] s_companions = ["loss", "criterion", "vgg", "percep", "lpips", "style", "metric", "teacher", "ema", "optim"];
    // What PyTorch itself puts around a module or any part of it: compilation, sharding, recomputation.
    private static readonly string[] s_shells = ["_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module"];
    private static readonly string[] s_adversaries = ["discriminator", "net_d", "netd", "disc", "critic", "d"];

    /// <summary>The network that is meant.</summary>
    /// <param name="checkpoint">The file.</param>
    /// <param name="wrapper">Where the network lies, or a part of it; null for the only one, or the usual one of several.</param>
    /// <returns>Null where no architecture knows any of the keys.</returns>
    /// <exception cref="CheckpointFormatException">Several might be meant, or it is not sure that the one is the whole; the message names them.</exception>
    public NetworkInFile? Find(Checkpoint checkpoint, string? wrapper)
    {
        List<NetworkInFile> all = FindAll(checkpoint);
        if (wrapper is not null)
        {
            List<NetworkInFile> inside = all.FindAll(n => Contains(n.Place, wrapper));
            if (inside.Count == 0 && all.Count > 0)
                throw Error(checkpoint, $"there is no network in {CheckpointSource.Quote(wrapper)}; there is {Places(all)}.");
            all = inside;
        }

        List<NetworkInFile> meant = Usual(all);
        if (meant.Count > 1)
            throw Error(checkpoint, $"the file holds several networks ({Places(meant)}); say which one is meant by the option 'wrapper'.");
        if (wrapper is null && meant is [{ Stranger: { } stranger } found])
        {
            throw Error(
                checkpoint,
                $"{Places(meant)} looks like a network of its own, but {CheckpointSource.Quote(stranger)} beside it belongs to no known one; give the option 'wrapper' {CheckpointSource.Quote(found.Place)} to take it alone.");
        }

        return meant.Count == 1 ? meant[0] : null;
    }

    /// <summary>Every network of the file, in the order of its tensors.</summary>
    public List<NetworkInFile> FindAll(Checkpoint checkpoint)
    {
        var found = new List<NetworkInFile>();
        foreach (IGrouping<string, NamedTensor> dictionary in checkpoint.NamedTensors.GroupBy(t => string.Join('/', t.Path[..^1]), StringComparer.Ordinal))
        {
            var tensors = new Dictionary<string, CheckpointTensor>(StringComparer.Ordinal);
            foreach (NamedTensor tensor in dictionary)
                tensors[WithoutShells(tensor.Path[^1])] = tensor.Tensor;
            found.AddRange(FindIn(new Branch(dictionary.Key, 0, tensors)));
        }

        return found;
    }

    private List<NetworkInFile> FindIn(Branch branch)
    {
        Dictionary<string, TensorShape> shapes = NetworkInFile.ShapesOf(branch.Tensors);
        if (architectures.FirstOrDefault(a => a.Matches(shapes)) is { } known)
            return [new NetworkInFile(branch.Place, known, branch.Tensors)];
        if (branch.Depth == DeepestPrefix)
            return [];
        Branch[] children = [.. branch.Children()];
        if (children is [{ Tensors: var only } child] && only.Count == branch.Tensors.Count)
            return FindIn(child);

        // A part is a network of its own only as a whole: any block of convolutions looks like some small network otherwise.
        var found = new List<NetworkInFile>();
        var unknown = new List<Branch>();
        foreach (Branch part in children.Where(c => !c.IsNumbered))
        {
            List<NetworkInFile> inside = FindIn(part).FindAll(n => n.IsWhole());
            found.AddRange(inside);
            if (inside.Count == 0)
                unknown.Add(part);
        }

        HashSet<string> explained = [.. children.Where(c => !c.IsNumbered).Except(unknown).Select(c => c.Name)];
        string? stranger = branch.Tensors
            .Where(t => t.Value.Length > 1 && Branch.First(t.Key) is var first && !explained.Contains(first) && !IsCompanion(first))
            .Select(t => t.Key)
            .FirstOrDefault();
        return stranger is null ? found : found.ConvertAll(n => n with { Stranger = n.Stranger ?? stranger });
    }

    private static string WithoutShells(string key) =>
        s_shells.Any(s => key.Contains(s, StringComparison.Ordinal)) ? string.Join('.', key.Split('.').Where(part => !s_shells.Contains(part))) : key;

    /// <summary>Without adversaries; averaged weights rather than the last ones; the wrapper of the field's trainers rather than others.</summary>
    private static List<NetworkInFile> Usual(List<NetworkInFile> found)
    {
        List<NetworkInFile> kept = found.FindAll(n => !Segments(n.Place).Any(IsAdversary));
        kept = kept.Count == 0 ? found : kept;
        kept = kept.FindAll(n => IsAveraged(n) || !kept.Exists(other => IsAveraged(other) && WithoutAverage(other.Place) == WithoutAverage(n.Place)));
        foreach (string wrapper in Checkpoint.Wrappers)
        {
            if (kept.Count > 1 && kept.FindAll(n => Segments(n.Place).Contains(wrapper)) is { Count: > 0 } preferred)
                return preferred;
        }

        return kept;
    }

    private static bool IsAdversary(string name) => s_adversaries.Contains(name.ToLowerInvariant()) || name.Contains("discriminator", StringComparison.OrdinalIgnoreCase);

    private static bool IsCompanion(string name) =>
        IsAdversary(name) || s_companions.Any(c => name.Contains(c, StringComparison.OrdinalIgnoreCase));

    private static bool IsAveraged(NetworkInFile network) => Segments(network.Place).Any(s => Words(s).Contains("ema"));

    private static string WithoutAverage(string place) =>
        string.Join('/', Segments(place).Select(s => string.Join('_', Words(s).Where(w => w != "ema"))).Where(s => s.Length > 0));

    private static string[] Words(string segment) => segment.ToLowerInvariant().Split('_', '-');

    private static bool Contains(string place, string wrapper) =>
        ("/" + place + "/").Contains("/" + wrapper.Replace('.', '/').Trim('/') + "/", StringComparison.Ordinal);

    private static string[] Segments(string place) => place.Split('/');

    private static string Places(List<NetworkInFile> networks) =>
        string.Join(", ", networks.Take(8).Select(n => $"{n.Descriptor.Name} in {(n.Place.Length == 0 ? "the file itself" : CheckpointSource.Quote(n.Place))}"))
        + (networks.Count > 8 ? ", .." : "");

    private static CheckpointFormatException Error(Checkpoint checkpoint, string reason) => new(checkpoint.FileName, 0, reason);

    /// <summary>The tensors whose keys begin alike, without that beginning.</summary>
    private sealed record Branch(string Place, int Depth, Dictionary<string, CheckpointTensor> Tensors)
    {
        public string Name => Place[(Place.LastIndexOf('/') + 1)..];

        /// <summary>Numbers stand for the entries of a list within a network.</summary>
        public bool IsNumbered => Name.All(char.IsAsciiDigit);

        /// <summary>The part of a key before its first dot; the whole key where it has none.</summary>
        public static string First(string key) => key.IndexOf('.', StringComparison.Ordinal) is int dot and > 0 ? key[..dot] : key;

        public IEnumerable<Branch> Children()
        {
            var children = new Dictionary<string, Dictionary<string, CheckpointTensor>>(StringComparer.Ordinal);
            foreach ((string key, CheckpointTensor tensor) in Tensors)
            {
                string first = First(key);
                if (first.Length == key.Length)
                    continue;
                if (!children.TryGetValue(first, out Dictionary<string, CheckpointTensor>? child))
                    children[first] = child = new Dictionary<string, CheckpointTensor>(StringComparer.Ordinal);
                child[key[(first.Length + 1)..]] = tensor;
            }

            return children.Where(c => c.Value.Count > 1).Select(c => new Branch(Place.Length == 0 ? c.Key : Place + "/" + c.Key, Depth + 1, c.Value));
        }
    }
}
