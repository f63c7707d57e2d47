using System.Reflection;

namespace Gir.PublicApi.Tests;

/// <summary>Loops over lanes of any width keep their speed only where the compiler sees each as a method of its own.</summary>
public sealed class LaneLoopTests
{
    private const MethodImplAttributes Loop = MethodImplAttributes.AggressiveOptimization | MethodImplAttributes.NoInlining;
    private const string Lanes = "ILanes`2";

    [TestCase("Gir.Imaging", 12)]
    [TestCase("Gir.Degradations", 2)]
    [TestCase("Gir.Metrics", 20)]
    public void Methods_over_lanes_are_optimized_at_once_or_inlined(string assembly, int least)
    {
        MethodInfo[] methods =
        [
            .. from type in Assembly.Load(assembly).GetTypes()
               where !type.IsInterface && !type.GetInterfaces().Any(i => i.Name == Lanes)
               from method in type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly)
               where method.IsGenericMethodDefinition && method.GetGenericArguments().Any(a => a.GetGenericParameterConstraints().Any(c => c.Name == Lanes))
               select method,
        ];
        Assert.That(methods, Has.Length.AtLeast(least));
        Assert.That(
            methods.Where(m => (m.MethodImplementationFlags & Loop) != Loop && (m.MethodImplementationFlags & MethodImplAttributes.AggressiveInlining) == 0)
                .Select(m => $"{m.DeclaringType!.Name}.{m.Name}"),
            Is.Empty,
            "expected AggressiveOptimization and NoInlining for a loop, AggressiveInlining for a part of one");
    }
}
