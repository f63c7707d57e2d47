using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Gir.PublicApi.Tests;

/// <summary>Writes an assembly's public surface as text, one sorted line per member.</summary>
internal static class ApiPrinter
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly NullabilityInfoContext s_nullability = new();

    public static string Print(Assembly assembly)
    {
        var text = new StringBuilder();
        // Types with unspeakable names only carry the compiler's view of extension members, whose methods are listed anyway.
        foreach (Type type in assembly.GetExportedTypes().Where(t => !t.FullName!.Contains('<')).OrderBy(t => t.FullName, StringComparer.Ordinal))
        {
            text.Append(Header(type)).Append('\n');
            IEnumerable<string> members = type.IsEnum
                ? Enum.GetNames(type).Select(n => $"{n} = {Convert.ToInt64(Enum.Parse(type, n), CultureInfo.InvariantCulture)}")
                : Members(type).Order(StringComparer.Ordinal);
            foreach (string member in members)
                text.Append("  ").Append(member).Append('\n');
        }

        return text.ToString();
    }

    private static string Header(Type type)
    {
        string kind = type.IsEnum ? "enum"
            : type.IsInterface ? "interface"
            : typeof(Delegate).IsAssignableFrom(type) ? "delegate"
            : type.IsValueType ? "struct"
            : type.IsAbstract && type.IsSealed ? "static class"
            : type.IsAbstract ? "abstract class"
            : type.IsSealed ? "sealed class" : "class";
        var parents = new List<string>();
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) && parent != typeof(Enum))
            parents.Add(Name(parent));
        if (!type.IsEnum)
            parents.AddRange(type.GetInterfaces().Where(i => i.IsPublic).Select(Name).Order(StringComparer.Ordinal));
        return $"{kind} {type.Namespace}.{Name(type)}" + (parents.Count > 0 ? " : " + string.Join(", ", parents) : "");
    }

    private static IEnumerable<string> Members(Type type)
    {
        foreach (ConstructorInfo constructor in type.GetConstructors(Declared).Where(c => !c.IsStatic && IsVisible(c)))
            yield return $"{Access(constructor)}new({Parameters(constructor)})";
        foreach (FieldInfo field in type.GetFields(Declared).Where(f => f.IsPublic || f.IsFamily))
            yield return $"{(field.IsLiteral ? "const " : field.IsStatic ? "static " : "")}{Name(field.FieldType, s_nullability.Create(field))} {field.Name}";
        foreach (PropertyInfo property in type.GetProperties(Declared))
        {
            MethodInfo[] accessors = [.. property.GetAccessors(true).Where(IsVisible)];
            if (accessors.Length == 0)
                continue;
            string access = string.Concat(accessors.Select(a => a.ReturnType == typeof(void)
                ? IsInit(a) ? " init;" : " set;"
                : " get;").Order(StringComparer.Ordinal));
            string index = property.GetIndexParameters() is { Length: > 0 } parameters
                ? $"[{string.Join(", ", parameters.Select(p => $"{Name(p.ParameterType, s_nullability.Create(p))} {p.Name}"))}]" : "";
            yield return $"{Access(accessors[0])}{(accessors[0].IsStatic ? "static " : "")}{Name(property.PropertyType, s_nullability.Create(property))} {property.Name}{index} {{{access} }}";
        }

        foreach (MethodInfo method in type.GetMethods(Declared).Where(IsVisible))
        {
            bool isOperator = method.IsSpecialName && method.Name.StartsWith("op_", StringComparison.Ordinal);
            bool isGenerated = method.GetCustomAttribute<CompilerGeneratedAttribute>() is not null;
            if ((method.IsSpecialName && !isOperator) || isGenerated || method.GetBaseDefinition().DeclaringType == typeof(object))
                continue;
            string generic = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";
            yield return $"{Access(method)}{(method.IsStatic ? "static " : "")}{Name(method.ReturnType, s_nullability.Create(method.ReturnParameter))} {method.Name}{generic}({Parameters(method)})";
        }
    }

    private static bool IsInit(MethodInfo setter) =>
        setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Access(MethodBase method) => method.IsPublic ? "" : "protected ";

    private static string Parameters(MethodBase method)
    {
        bool extension = method.IsDefined(typeof(ExtensionAttribute));
        return string.Join(", ", method.GetParameters().Select((p, i) =>
            (extension && i == 0 ? "this " : "") + Name(p.ParameterType, s_nullability.Create(p)) + " " + p.Name + (p.HasDefaultValue ? " = " + Default(p.DefaultValue) : "")));
    }

    private static string Default(object? value) => value switch
    {
        null => "default",
        string s => $"\"{s}\"",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Name(Type type) => Name(type, null);

    /// <summary>A type as C# writes it, with a question mark where null is a value; without an annotation, where there is none to know.</summary>
    private static string Name(Type type, NullabilityInfo? nullability)
    {
        // What may be null is told by what comes out; of a property that is only set, by what goes in.
        bool mayBeNull = nullability is not null && !type.IsValueType
            && (nullability.ReadState == NullabilityState.Nullable || (nullability.ReadState == NullabilityState.Unknown && nullability.WriteState == NullabilityState.Nullable));
        string mark = mayBeNull ? "?" : "";
        if (type.IsByRef)
            return "ref " + Name(type.GetElementType()!, nullability);
        if (type.IsArray)
            return Name(type.GetElementType()!, nullability?.ElementType) + "[" + new string(',', type.GetArrayRank() - 1) + "]" + mark;
        if (type.IsGenericParameter)
            return type.Name;
        if (Nullable.GetUnderlyingType(type) is { } value)
            return Name(value) + "?";
        string name = type.IsNested ? Name(type.DeclaringType!) + "." + type.Name : type.Name;
        if (!type.IsGenericType)
            return name + mark;
        int tick = name.IndexOf('`', StringComparison.Ordinal);
        NullabilityInfo[] arguments = nullability?.GenericTypeArguments ?? [];
        return (tick < 0 ? name : name[..tick])
            + "<" + string.Join(", ", type.GetGenericArguments().Select((t, i) => Name(t, i < arguments.Length ? arguments[i] : null))) + ">" + mark;
    }
}
