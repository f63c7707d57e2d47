using System.Globalization;
using Gir.Imaging.Text;
using Microsoft.Extensions.Configuration;

namespace Gir.Imaging.Settings;

/// <summary>Reads one section of an application's configuration: every setting has a name and a type, and what is misspelled is told.</summary>
internal sealed class SettingsReader(IConfigurationSection section)
{
    private readonly List<string> _known = [];
    private readonly List<string> _faults = [];

    /// <summary>What was wrong, one sentence each.</summary>
    public IReadOnlyList<string> Faults => _faults;

    public void Integer(string name, Action<int> set) =>
        Scalar(name, "a whole number", text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) ? value : null, set);

    public void Long(string name, Action<long> set) =>
        Scalar(name, "a whole number", text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) ? value : null, set);

    public void Unsigned(string name, Action<ulong> set) =>
        Scalar(name, "a whole number of at least 0", text => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value) ? value : null, set);

    public void Flag(string name, Action<bool> set) =>
        Scalar(name, "true or false", text => bool.TryParse(text, out bool value) ? value : null, set);

    public void Choice<TEnum>(string name, Action<TEnum> set)
        where TEnum : struct, Enum
    {
        string[] names = Enum.GetNames<TEnum>();
        Scalar(name, $"one of {string.Join(", ", names)}", text => names.Contains(text, StringComparer.OrdinalIgnoreCase) ? Enum.Parse<TEnum>(text, ignoreCase: true) : null, set);
    }

    /// <summary>A text; what <paramref name="set"/> refuses by an <see cref="ArgumentException"/> is told with its message.</summary>
    public void Text(string name, Action<string> set)
    {
        if (Find(name) is not { Value: { } text } setting)
            return;
        try
        {
            set(text);
        }
        catch (ArgumentException e)
        {
            _faults.Add($"{setting.Path} is '{Suggestion.Shortened(OneLine.Of(text))}': {e.Message}");
        }
    }

    public void Texts(string name, Action<IList<string>> set)
    {
        if (Find(name) is not { } setting)
            return;
        string?[] values = [.. setting.GetChildren().Select(c => c.Value)];
        if (values.Contains(null) || (values.Length == 0 && !string.IsNullOrEmpty(setting.Value)))
            _faults.Add($"{setting.Path}: expected a list of texts.");
        else
            set([.. values.Select(v => v!)]);
    }

    /// <summary>Called last: whatever else stands in the section has no meaning.</summary>
    public void Finish()
    {
        foreach (IConfigurationSection setting in section.GetChildren().Where(c => !_known.Contains(c.Key, StringComparer.OrdinalIgnoreCase)))
            _faults.Add($"{setting.Path} is no setting; expected {Suggestion.Among(Suggestion.Shortened(OneLine.Of(setting.Key)), _known)}.");
    }

    private void Scalar<T>(string name, string expected, Func<string, T?> parse, Action<T> set)
        where T : struct
    {
        if (Find(name) is not { Value: { } text } setting)
            return;
        if (parse(text) is { } value)
            set(value);
        else
            _faults.Add($"{setting.Path} is '{Suggestion.Shortened(OneLine.Of(text))}'; expected {expected}.");
    }

    private IConfigurationSection? Find(string name)
    {
        _known.Add(name);
        IConfigurationSection setting = section.GetSection(name);
        return setting.Exists() ? setting : null;
    }
}
