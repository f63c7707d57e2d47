using System.Globalization;

namespace Gir.Evaluation.Lines;

/// <summary>Numbered tasks by their number, then all others by their id.</summary>
internal sealed class TaskOrder : IComparer<string>
{
    public static TaskOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        int byNumber = Number(x).CompareTo(Number(y));
        return byNumber != 0 ? byNumber : string.CompareOrdinal(x, y);
    }

    private static int Number(string? id) => int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : int.MaxValue;
}
