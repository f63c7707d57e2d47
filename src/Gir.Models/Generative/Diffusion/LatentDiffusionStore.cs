using Gir.Models.Backbones.AutoencoderKl;
using Gir.Models.Backbones.DiffusionUNet;
using Gir.Models.Nn;
using Gir.Models.Serialization;
using Gir.Models.Tensors;

namespace Gir.Models.Generative.Diffusion;

/// <summary>A network for as long as it is used.</summary>
internal readonly struct Loan<T>(T value, Action? giveBack) : IDisposable
{
    public T Value { get; } = value;

    public void Dispose() => giveBack?.Invoke();
}

/// <summary>Where the networks of latent diffusion are while nobody uses them.</summary>
internal abstract class LatentDiffusionStore
{
    public required LatentDiffusionSettings Settings { get; init; }

    /// <summary>The U-Net's.</summary>
    public required DiffusionUNetOptions Options { get; init; }

    /// <summary>Size of an image divided by that of its latent.</summary>
    public required int Factor { get; init; }

    public required long ParameterCount { get; init; }

    /// <summary>The engine that the networks work on.</summary>
    public required TensorBackend Backend { get; init; }

    /// <summary>All learned values by key, with the part's name before each; a tensor is valid until the next one is asked for.</summary>
    public abstract IEnumerable<KeyValuePair<string, Tensor>> State { get; }

    /// <summary>Waits until this thread may work with the networks.</summary>
    public abstract Loan<LatentDiffusionStore> Enter(CancellationToken cancellationToken);

    public abstract Loan<ILatentSpace> Space();

    public abstract Loan<(DiffusionUNet Network, ControlBranch Control)> Predictor();
}

/// <summary>All of them in memory, for any number of threads.</summary>
internal sealed class ResidentNetworks : LatentDiffusionStore
{
    private readonly LatentDiffusionNetworks _networks;

    [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
    public ResidentNetworks(LatentDiffusionNetworks networks)
    {
        _networks = networks;
        (Settings, Options, Factor) = (networks.Settings, networks.Network.Options, networks.Space.Factor);
        ParameterCount = State.Sum(e => (long)e.Value.Length);
        Backend = State.First().Value.Backend;
    }

    public override IEnumerable<KeyValuePair<string, Tensor>> State => _networks.State;

    public override Loan<LatentDiffusionStore> Enter(CancellationToken cancellationToken) => new(this, null);

    public override Loan<ILatentSpace> Space() => new(_networks.Space, null);

    public override Loan<(DiffusionUNet Network, ControlBranch Control)> Predictor() => new((_networks.Network, _networks.Control), null);
}

/// <summary>Each in its file; what is lent is read when it is asked for and released when it is given back. Threads take turns.</summary>
internal sealed class OffloadedNetworks : LatentDiffusionStore
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(50);

    private readonly Lock _turn = new();
    private readonly bool? _compact;
    private readonly Dictionary<LatentDiffusionPart, StoredFile> _files = [];
    private readonly Dictionary<LatentDiffusionPart, (Module Module, int Loans)> _lent = [];

    /// <summary>Reads each network once, to check it and to learn its shape.</summary>
    /// <inheritdoc cref="LatentDiffusionFile.Load"/>
    [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
    public OffloadedNetworks(IReadOnlyList<string> paths, LatentDiffusionSettings? settings, bool? compact)
    {
        (_compact, Backend) = (compact, TensorBackend.Default);
        StoredFile[] files = [.. paths.Select(StoredFile.Of)];
        (DiffusionUNetOptions? options, int factor, long count) = (null, 1, 0);
        foreach (LatentDiffusionPart part in Enum.GetValues<LatentDiffusionPart>())
        {
            settings = LatentDiffusionFile.Read(paths, settings, null, compact, [part], (_, module, path) =>
            {
                _files[part] = files.First(f => f.Path == path);
                factor = (module as ILatentSpace)?.Factor ?? factor;
                options = (module as DiffusionUNet)?.Options ?? options;
                count += module.StateDictionary().Sum(e => (long)e.Value.Length);
                Release(module);
            });
        }

        (Settings, Options, Factor, ParameterCount) = (settings!, options!, factor, count);
    }

    public override IEnumerable<KeyValuePair<string, Tensor>> State
    {
        get
        {
            foreach (LatentDiffusionPart part in _files.Keys.Order())
            {
                Module module = Take(part);
                try
                {
                    foreach (KeyValuePair<string, Tensor> entry in LatentDiffusionNetworks.StateOf(part, module))
                        yield return entry;
                }
                finally
                {
                    GiveBack(part);
                }
            }
        }
    }

    public override Loan<LatentDiffusionStore> Enter(CancellationToken cancellationToken)
    {
        while (!_turn.TryEnter(s_patience))
            cancellationToken.ThrowIfCancellationRequested();
        return new(this, _turn.Exit);
    }

    public override Loan<ILatentSpace> Space() => Settings.InPixels
        ? new(new PixelSpace(), null)
        : new((AutoencoderKl)Take(LatentDiffusionPart.Autoencoder), () => GiveBack(LatentDiffusionPart.Autoencoder));

    public override Loan<(DiffusionUNet Network, ControlBranch Control)> Predictor()
    {
        var network = (DiffusionUNet)Take(LatentDiffusionPart.Network);
        try
        {
            return new((network, (ControlBranch)Take(LatentDiffusionPart.Control)), () =>
            {
                GiveBack(LatentDiffusionPart.Control);
                GiveBack(LatentDiffusionPart.Network);
            });
        }
        catch
        {
            GiveBack(LatentDiffusionPart.Network);
            throw;
        }
    }

    private Module Take(LatentDiffusionPart part)
    {
        (Module Module, int Loans) lent = _lent.TryGetValue(part, out (Module Module, int Loans) found) ? found : (Read(part), 0);
        _lent[part] = lent with { Loans = lent.Loans + 1 };
        return lent.Module;
    }

    private void GiveBack(LatentDiffusionPart part)
    {
        (Module module, int loans) = _lent[part];
        if (loans > 1)
        {
            _lent[part] = (module, loans - 1);
            return;
        }

        _lent.Remove(part);
        Release(module);
    }

    private Module Read(LatentDiffusionPart part)
    {
        Module? read = null;
        _files[part].Check();
        using TensorScope weights = TensorScope.Suspend();
        using TensorBackend.EngineScope engine = TensorBackend.Use(Backend);
        LatentDiffusionFile.Read([_files[part].Path], Settings, null, _compact, [part], (_, module, _) => read = module);
        return read!;
    }

    // What waits for reuse is memory, too: the next stage's blocks are of other sizes.
    private void Release(Module module)
    {
        foreach ((_, Tensor tensor) in module.StateDictionary())
            tensor.Storage.Release();
        Backend.TrimMemory();
    }

    /// <summary>A file as it was when the restorer was made.</summary>
    private sealed record StoredFile(string Path, long Length, DateTime Written)
    {
        public static StoredFile Of(string path)
        {
            var file = new FileInfo(path);
            return new(path, file.Exists ? file.Length : 0, file.LastWriteTimeUtc);
        }

        public void Check()
        {
            if (!File.Exists(Path))
                throw new FileNotFoundException($"There is no {Path} any more; an offloaded restorer reads its networks again for each image.", Path);
            if (this != Of(Path))
                throw new CheckpointFormatException(Path, 0, "the file is not the one that was loaded; an offloaded restorer reads its networks again for each image, and expects them unchanged.");
        }
    }
}
