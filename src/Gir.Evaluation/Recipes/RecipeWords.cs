using System.Text.Json;

namespace Gir.Evaluation.Recipes;

/// <summary>An enumeration's values as recipes write them: "per-task".</summary>
internal static class RecipeWords<T>
    where T : struct, Enum
{
    public static IReadOnlyList<string> All { get; } = [.. Enum.GetValues<T>().Select(Of)];

    public static string Of(T value) => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    public static T? Find(string word)
    {
        foreach (T value in Enum.GetValues<T>())
        {
            if (Of(value) == word)
                return value;
        }

        return null;
    }
}
