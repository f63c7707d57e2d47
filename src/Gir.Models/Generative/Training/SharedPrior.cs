using Gir.Imaging.Files;
using Gir.Models.Backbones.StyleGan2;
using Gir.Models.Nn;
using Gir.Models.Serialization;
using Gir.Models.Tensors;
using Gir.Models.Training;

namespace Gir.Models.Generative.Training;

/// <summary>A prior that another training has trained, taken in place of a stage: a copy of its weights lies where the stage would have left its own, so that the folder needs no other one.</summary>
internal static class SharedPrior
{
    private const string Generator = "generator.";
    private const string Discriminator = "discriminator.";

    /// <summary>The weights that a path means.</summary>
    /// <param name="path">A file, the folder of a prior stage, or that of a whole training.</param>
    /// <exception cref="FileNotFoundException">There are none.</exception>
    public static string Find(string path)
    {
        string[] places = [path, StageTrainer.WeightsPath(path), StageSeries.WeightsPath(path, "prior")];
        return places.FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"prior '{path}': found neither a file nor a folder with {Path.GetFileName(places[1])} of a finished prior stage in it or in its folder prior.", path);
    }

    /// <summary>Copies the weights of a prior into a training's folder, where they are not there yet.</summary>
    /// <param name="path">What <see cref="Find"/> takes. Not needed any more once they were copied.</param>
    /// <param name="folder">The folder of all stages.</param>
    /// <param name="generator">The generator that is to have the weights.</param>
    /// <param name="discriminator">The discriminator, whose features later stages compare.</param>
    /// <exception cref="FileNotFoundException">There is no such prior.</exception>
    /// <exception cref="CheckpointFormatException">The file is damaged, lacks a part, or is another network's.</exception>
    /// <exception cref="TrainingConfigurationException">The folder holds another prior.</exception>
    public static void Take(string path, string folder, StyleGan2Generator generator, StyleGan2Discriminator discriminator)
    {
        string own = StageSeries.WeightsPath(folder, "prior");
        bool isTaken = File.Exists(own);
        if (isTaken && !File.Exists(path) && !Directory.Exists(path))
            return;
        string found = Find(path);
        byte[] content = File.ReadAllBytes(found);
        if (isTaken)
        {
            if (!content.AsSpan().SequenceEqual(File.ReadAllBytes(own)))
                throw new TrainingConfigurationException(own, [$"the prior is another one than '{found}'; train into another folder"]);
            return;
        }

        Check(Checkpoint.Read(content, found), found, generator, discriminator);
        Directory.CreateDirectory(Path.GetDirectoryName(own)!);
        AtomicFile.Write(own, content);
    }

    private static void Check(Checkpoint checkpoint, string path, StyleGan2Generator generator, StyleGan2Discriminator discriminator)
    {
        foreach ((string prefix, Module module, string use) in new (string, Module, string)[] { (Generator, generator, "draws detail"), (Discriminator, discriminator, "later stages train against, and compare features of") })
        {
            Dictionary<string, TensorShape> shapes = checkpoint.Tensors.Where(t => t.Key.StartsWith(prefix, StringComparison.Ordinal))
                .ToDictionary(t => t.Key[prefix.Length..], t => t.Value.Shape, StringComparer.Ordinal);
            if (shapes.Count == 0)
                throw new CheckpointFormatException(path, 0, $"no tensor begins with '{prefix}', which {use}; expected the weights of a prior stage, with generator and discriminator.");
            try
            {
                module.CheckState(shapes);
            }
            catch (ArgumentException e)
            {
                throw new CheckpointFormatException(path, 0, $"the prior's {prefix[..^1]} is of another size than the one to be trained (patch, narrow, styleFeatures, mappingLayers): {e.Message}", e);
            }
        }

        if (checkpoint.Tensors.Keys.FirstOrDefault(k => !k.StartsWith(Generator, StringComparison.Ordinal) && !k.StartsWith(Discriminator, StringComparison.Ordinal)) is { } stranger)
            throw new CheckpointFormatException(path, 0, $"it holds {CheckpointSource.Quote(stranger)}, which is no part of a prior; expected the weights of a prior stage, with generator and discriminator alone.");
    }
}
