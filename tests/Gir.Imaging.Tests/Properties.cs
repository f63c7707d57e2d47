using FsCheck;
using FsCheck.Fluent;

namespace Gir.Imaging.Tests;

/// <summary>Checks properties on a fixed sequence of random cases, so that a run can be repeated.</summary>
internal static class Properties
{
    private const int Cases = 60;

    public static void Hold<T>(Func<T, bool> property, int cases = Cases) => Hold(Prop.ForAll<T>(a => property(a)), cases);

    public static void Hold<T, U>(Func<T, U, bool> property, int cases = Cases) => Hold(Prop.ForAll<T, U>((a, b) => property(a, b)), cases);

    public static void Hold<T, U, V>(Func<T, U, V, bool> property, int cases = Cases) =>
        Hold(Prop.ForAll<T, U, V>((a, b, c) => property(a, b, c)), cases);

    private static void Hold(Property property, int cases) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(cases).WithReplay(20250101UL, 1UL), property);
}
