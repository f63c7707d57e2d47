namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>The columns of a register tile, known when it is compiled: how many vectors, and whether the last is only partly used.</summary>
internal interface IGemmWidth
{
    static abstract int Vectors { get; }

    static abstract bool IsPartial { get; }
}

internal readonly struct OneVector : IGemmWidth
{
    public static int Vectors => 1;

    public static bool IsPartial => false;
}

internal readonly struct TwoVectors : IGemmWidth
{
    public static int Vectors => 2;

    public static bool IsPartial => false;
}

internal readonly struct ThreeVectors : IGemmWidth
{
    public static int Vectors => 3;

    public static bool IsPartial => false;
}

internal readonly struct PartOfOneVector : IGemmWidth
{
    public static int Vectors => 1;

    public static bool IsPartial => true;
}

internal readonly struct PartOfTwoVectors : IGemmWidth
{
    public static int Vectors => 2;

    public static bool IsPartial => true;
}

internal readonly struct PartOfThreeVectors : IGemmWidth
{
    public static int Vectors => 3;

    public static bool IsPartial => true;
}
