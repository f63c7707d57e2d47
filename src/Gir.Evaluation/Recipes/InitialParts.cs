using Gir.Models.Tensors;
using Gir.Models.Training;
using Gir.Models.Zoo;

namespace Gir.Evaluation.Recipes;

/// <summary>The network of a recipe that trains parts: the initial checkpoint's weights, and fresh ones for trained parts that it does not have.</summary>
internal static class InitialParts
{
    /// <exception cref="EvaluationException">The checkpoint is of another architecture, or lacks what is not to be trained.</exception>
    public static RestorationNetwork Load(TrainingRecipe recipe)
    {
        string where = $"Recipe '{recipe.Name}': initial '{recipe.Initial}'";
        RestorationNetwork known = ModelZoo.LoadNetwork(recipe.Initial!);
        if (!known.Architecture.Equals(recipe.Architecture, StringComparison.OrdinalIgnoreCase))
            throw new EvaluationException($"{where} is of {known.Architecture}, expected {recipe.Architecture}.");
        RestorationNetwork network = ModelZoo.CreateNetwork(recipe.Architecture, recipe.HyperParameters);
        Dictionary<string, Tensor> weights = known.Module.StateDictionary().ToDictionary(e => e.Key, e => e.Value, StringComparer.Ordinal);
        foreach ((string key, Tensor own) in network.Module.StateDictionary())
        {
            if (!weights.TryGetValue(key, out Tensor? weight))
            {
                if (!recipe.TrainedParts.Any(part => Trainer.IsOf(key, part)))
                    throw new EvaluationException($"{where} has no '{key}'; expected it, since only {string.Join(", ", recipe.TrainedParts)} is trained.");
                continue;
            }

            if (weight.Shape != own.Shape)
                throw new EvaluationException($"{where}: '{key}' is {weight.Shape}, expected {own.Shape} as hyperParameters say.");
            own.Storage.Write(weight.ToArray());
        }

        return network;
    }
}
