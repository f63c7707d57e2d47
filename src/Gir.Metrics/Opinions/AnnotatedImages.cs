using System.Globalization;
using System.Text.Json;
using Gir.Imaging.Text;

namespace Gir.Metrics.Opinions;

/// <summary>The form of the annotations of generative restoration: images, of each the results of methods, of each four scores.</summary>
internal static class AnnotatedImages
{
    private static readonly (string Name, OpinionScale Scale, double Minimum, double Maximum)[] s_scores =
    [
        ("Details", OpinionScale.ZeroIsBest, -3, 3),
        ("Sharpness", OpinionScale.ZeroIsBest, -3, 3),
        ("Semantics", OpinionScale.HigherIsBetter, 0, 4),
        ("Overall", OpinionScale.HigherIsBetter, 0, 4),
    ];

    public static IReadOnlyList<OpinionSet> Read(StrictJson root, int most)
    {
        var opinions = new List<Opinion>[s_scores.Length];
        for (int s = 0; s < s_scores.Length; s++)
            opinions[s] = [];
        IReadOnlyList<StrictJson> images = root.Items(most);
        for (int i = 0; i < images.Count; i++)
        {
            string scene = SceneOf(images[i], i);
            foreach ((string method, StrictJson result) in images[i].Property("results").Properties())
            {
                if (result.AnyObject().Optional("annotations") is not { } annotations)
                    continue;
                string image = result.Property("image_path").Text();
                for (int s = 0; s < s_scores.Length; s++)
                {
                    if (annotations.AnyObject().Optional(s_scores[s].Name) is { } value)
                        opinions[s].Add(new Opinion(image, Score(value, s)) { Group = scene, Label = method });
                }
            }
        }

        return [.. s_scores.Select((score, s) => new OpinionSet(score.Name, score.Scale, opinions[s]))];
    }

    private static double Score(StrictJson value, int index)
    {
        (_, _, double minimum, double maximum) = s_scores[index];
        double score = value.Number();
        return score >= minimum && score <= maximum
            ? score
            : throw value.Mismatch(string.Create(CultureInfo.InvariantCulture, $"a number in {minimum}..{maximum}"));
    }

    // The facts that are published do not say what the low-quality image's own field is called: its first text names the scene as well as any.
    private static string SceneOf(StrictJson image, int index) =>
        image.Properties().Where(p => p.Value.Element.ValueKind == JsonValueKind.String).Select(p => p.Value.Text()).FirstOrDefault()
        ?? string.Create(CultureInfo.InvariantCulture, $"image {index + 1}");
}
