using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Gir.Docs.Tests;

/// <summary>Every public class and interface says whether threads may share it, itself or by what it derives from.</summary>
public sealed partial class ThreadSafetyTests
{
    [TestCase("Gir.Imaging")]
    [TestCase("Gir.Degradations")]
    [TestCase("Gir.Metrics")]
    [TestCase("Gir.Models")]
    [TestCase("Gir.Evaluation")]
    public void Every_public_type_says_whether_threads_may_share_it(string package)
    {
        var assembly = Assembly.Load(package);
        IEnumerable<string> silent = assembly.GetExportedTypes().Where(IsAsked).Where(t => !Family(t).Any(Says)).Select(t => t.FullName!);
        Assert.That(silent, Is.Empty, "Say it in the remarks, in words like \"safe for concurrent use\".");
    }

    /// <summary>Values, records, static classes, exceptions and options speak for themselves: nothing in them changes while it is used.</summary>
    private static bool IsAsked(Type type)
    {
        bool isStatic = type is { IsAbstract: true, IsSealed: true };
        bool isRecord = type.GetMethod("<Clone>$") is not null;
        // Extension blocks leave types that no program can name.
        bool isCompilers = type.FullName!.Contains('<', StringComparison.Ordinal);
        return !isCompilers && (type.IsClass || type.IsInterface) && !isStatic && !isRecord && !typeof(Exception).IsAssignableFrom(type) && !typeof(Delegate).IsAssignableFrom(type)
            && !type.Name.EndsWith("Options", StringComparison.Ordinal);
    }

    private static IEnumerable<Type> Family(Type type)
    {
        for (Type? t = type; t is not null; t = t.BaseType)
            yield return t;
        foreach (Type t in type.GetInterfaces())
            yield return t;
    }

    private static bool Says(Type type)
    {
        Type plain = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        return s_documentation.Value.TryGetValue("T:" + plain.FullName!.Replace('+', '.'), out string? text) && Words().IsMatch(text);
    }

    private static readonly Lazy<Dictionary<string, string>> s_documentation = new(() => Directory.EnumerateFiles(AppContext.BaseDirectory, "Gir.*.xml")
        .SelectMany(f => XDocument.Load(f).Descendants("member"))
        .Where(m => m.Attribute("name")!.Value.StartsWith("T:", StringComparison.Ordinal))
        .GroupBy(m => m.Attribute("name")!.Value)
        .ToDictionary(g => g.Key, g => g.First().Value));

    [GeneratedRegex("thread|concurren|immutable|one run at a time", RegexOptions.IgnoreCase)]
    private static partial Regex Words();
}
