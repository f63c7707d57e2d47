using System.Collections.Concurrent;
using Gir.Imaging;
using Gir.Imaging.Text;
using Gir.Models.Serialization;
using Gir.Models.Training;
using Gir.Models.Zoo;

namespace Gir.Models.Restoration;

/// <summary>Any restorer by one text: the name of a trained model, a checkpoint's path, a classical restorer with its settings, or what a generative training left in a folder.</summary>
/// <example>
/// <code>
/// IRestorer model = Restorers.Create("gir-v1");
/// IRestorer network = Restorers.Create("nets/denoise.safetensors");
/// IRestorer median = Restorers.Create("median(size=5)");
/// IRestorer sampled = Restorers.Create("latent-diffusion(folder=cldm, steps=10, seed=3)");
/// </code>
/// </example>
public static class Restorers
{
    private const string Onnx = ".onnx";

    private static readonly ConcurrentDictionary<string, IRestorerFormat> s_formats = new(StringComparer.OrdinalIgnoreCase);

    private static readonly Lazy<IReadOnlyList<RestorerEntry>> s_all = new(() => [.. ModelZoo.Shipped.Select(Trained), .. ClassicalRestorers.All.Select(Classical)]);

    /// <summary>The names that come with the package: trained models first, then classical restorers.</summary>
    public static IReadOnlyList<RestorerEntry> All => s_all.Value;

    /// <summary>Makes <see cref="Create"/> read files of another format, in place of what was added for the same extension before.</summary>
    /// <exception cref="ArgumentException">The extension does not begin with a dot.</exception>
    public static void Add(IRestorerFormat format)
    {
        ArgumentNullException.ThrowIfNull(format);
        if (format.Extension is not ['.', _, ..])
            throw new ArgumentException($"The extension is '{format.Extension}'; expected a dot and more, e.g. '.onnx'.", nameof(format));
        s_formats[format.Extension] = format;
    }

    /// <summary>Creates a restorer.</summary>
    /// <param name="nameOrPath">
    /// A name of <see cref="All"/>, in any case; the path of a checkpoint (see <see cref="ModelZoo.Load"/>) or of a finished training's folder; a classical restorer with
    /// settings, "gaussian(sigma=1.5)"; or a generative one, "latent-diffusion(folder=trained, steps=10)". A file comes before a restorer of the same name, a folder after it.
    /// </param>
    /// <param name="options">Threads, and what networks are told; null means the defaults.</param>
    /// <exception cref="ArgumentException">
    /// There is no such name (the message lists the known ones), a setting or an option is unknown or out of range, or options of networks are given to a
    /// classical or generative restorer.
    /// </exception>
    /// <exception cref="FileNotFoundException">The text is a path, and there is no such file.</exception>
    /// <exception cref="CheckpointFormatException">The file is no checkpoint, damaged or hostile, or of no known architecture.</exception>
    /// <remarks>
    /// Classical restorers and their settings: identity; gaussian (sigma); median (size); non-local-means (sigma, patch, search, strength); unsharp (sigma, amount);
    /// richardson-lucy (sigma, iterations); back-projection (factor, iterations, sharpening); dark-channel (patch, omega, t0, fraction, radius, epsilon);
    /// inpainting (min, max, sweeps). The name alone means the defaults. Generative restorers, read from the folder of their training: ugpnet (folder);
    /// latent-diffusion (folder; initial: another restorer's text in place of the training's own, or none; steps; sampler: spaced, ddim, ..; eta; seed; start: noise or
    /// condition; timestep: where a start from the condition begins; strength of the control branch; color: wavelet, statistics or none; tile: of the latent;
    /// compact and offload: true or false, as <see cref="Generative.Diffusion.LatentDiffusionRestorer.Load"/>).
    /// </remarks>
    public static IRestorer Create(string nameOrPath, RestorerOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(nameOrPath);
        options ??= new RestorerOptions();
        options.Validate();
        if (ModelZoo.Shipped.Contains(nameOrPath, StringComparer.OrdinalIgnoreCase))
            return ModelZoo.LoadShipped(nameOrPath, options.ForNetwork());
        if (File.Exists(nameOrPath) && s_formats.TryGetValue(Path.GetExtension(nameOrPath), out IRestorerFormat? format))
            return format.Load(nameOrPath, options);
        if (File.Exists(nameOrPath) && Path.GetExtension(nameOrPath).Equals(Onnx, StringComparison.OrdinalIgnoreCase))
            throw new ArgumentException($"'{nameOrPath}' is an ONNX model: add the package Gir.Models.OnnxRuntime, and call Restorers.Add(new OnnxRestorerFormat()) once.", nameof(nameOrPath));
        if (File.Exists(nameOrPath))
            return ModelZoo.Load(nameOrPath, options.ForNetwork());
        string name = nameOrPath.Split('(')[0].Trim();
        bool isGenerative = GenerativeRestorers.Names.Contains(name);
        if (isGenerative || ClassicalRestorers.Names.Contains(name))
        {
            RequireNoNetworkOptions(name, options);
            return isGenerative ? GenerativeRestorers.Load(nameOrPath) : ClassicalRestorers.Find(nameOrPath, new Parallelism(options.MaxDegreeOfParallelism ?? 1));
        }

        if (Directory.Exists(nameOrPath))
            return OfTraining(nameOrPath, options);
        if (name.Contains('/', StringComparison.Ordinal) || name.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal) || Path.HasExtension(name))
            throw new FileNotFoundException($"There is no checkpoint file '{nameOrPath}'.", nameOrPath);
        string hint = ModelZoo.Names.Contains(name, StringComparer.OrdinalIgnoreCase) ? $" {name} is an architecture: give a checkpoint of it." : "";
        throw new ArgumentException($"There is no restorer '{Suggestion.Shortened(name)}'; expected a checkpoint's file, a training's folder or {Suggestion.Among(name, Names())}.{hint}", nameof(nameOrPath));
    }

    /// <summary>What a training left in its folder: the best weights of a network, or the stages of a generative restorer.</summary>
    private static IRestorer OfTraining(string folder, RestorerOptions options)
    {
        string best = Trainer.BestCheckpointPath(folder);
        if (File.Exists(best))
            return ModelZoo.Load(best, options.ForNetwork() with { Name = options.Network.Name ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))) });
        if (GenerativeRestorers.NameOf(folder) is not { } name)
            throw new FileNotFoundException($"'{folder}' holds no finished training: there is neither '{best}' nor the last stage of a generative training.", best);
        RequireNoNetworkOptions(name, options);
        return GenerativeRestorers.Load(name, folder);
    }

    private static void RequireNoNetworkOptions(string name, RestorerOptions options)
    {
        if (options.Network != new ModelZooOptions())
            throw new ArgumentException($"'{name}' is no network of the zoo: what {nameof(RestorerOptions)}.{nameof(RestorerOptions.Network)} says means nothing to it.", nameof(options));
    }

    private static string[] Names() => [.. ModelZoo.Shipped, .. ClassicalRestorers.Names, .. GenerativeRestorers.Names];

    private static RestorerEntry Trained(string name)
    {
        NetworkRestorer model = ModelZoo.LoadShipped(name);
        return new RestorerEntry(name, $"trained {model.Network.Architecture}: {model.Info.Training}") { License = model.Info.License, IsTrained = true };
    }

    private static RestorerEntry Classical(IRestorer restorer) => new(restorer.Info.Name, restorer.Info.Description);
}

/// <summary>A restorer that <see cref="Restorers.Create"/> knows by name.</summary>
/// <param name="Name">The name, with the default settings where it has some: "gaussian(sigma=0.8)".</param>
/// <param name="Description">One line for a list.</param>
public sealed record RestorerEntry(string Name, string Description)
{
    /// <summary>Whether it has learned weights, which come with the package.</summary>
    public bool IsTrained { get; init; }

    /// <summary>The weights' license; null for classical restorers.</summary>
    public string? License { get; init; }
}
