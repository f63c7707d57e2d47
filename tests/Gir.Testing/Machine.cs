using System.Runtime.Intrinsics;
using NUnit.Framework;

namespace Gir.Testing;

/// <summary>What tests ask of the machine.</summary>
public static class Machine
{
    /// <summary>
    /// Skips a test where there are no vector instructions: one of a network of millions of weights, which would take minutes, and asks what kernels cannot change, since
    /// other tests hold those to one result.
    /// </summary>
    public static void RequireVectors()
    {
        if (!Vector128.IsHardwareAccelerated)
            Assert.Ignore("Skipped: without vector instructions this takes minutes.");
    }
}
