using Gir.Imaging;

namespace Gir.Evaluation.Recipes;

/// <summary>A clean image to train on.</summary>
/// <param name="Name">Unique name.</param>
/// <param name="Clean">The image, C x H x W in [0, 1].</param>
/// <param name="Depth">Its relative depth, 1 x H x W, far = 1; null where no task wants it.</param>
public sealed record RecipeImage(string Name, ImageBuffer Clean, ImageBuffer? Depth = null);
