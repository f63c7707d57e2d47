namespace Gir.Models.Features;

/// <summary>A place in a network where a description of the image can be taken.</summary>
/// <param name="Name">The name of the part that makes it, as in checkpoints, e.g. "body.15".</param>
/// <param name="Channels">Features.</param>
/// <param name="Height">Rows; 1 where the part describes the whole image.</param>
/// <param name="Width">Columns.</param>
public sealed record FeatureTap(string Name, int Channels, int Height, int Width);
