namespace Gir.Models.Serialization.Torch;

/// <summary>
/// What a pickle would make by calling or naming something of its program: an optimizer's counter, a NumPy scalar, a path. Nothing is called; what
/// remains is the name.
/// </summary>
/// <param name="name">Of the class or function, with its module.</param>
internal sealed class PickleObject(string name)
{
    public string Name { get; } = name;

    /// <summary>The items put into it as into a dictionary, which many classes are; null where there are none.</summary>
    public PickleDictionary? Items { get; set; }
}
