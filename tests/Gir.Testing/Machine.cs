using System.Runtime.Intrinsics;
using NUnit.Framework;

namespace Gir.Testing;

/// <summary>What tests ask of the machine.</summary>
public static class Machine
{
    /// <summary>
    /// Skips a test where there are no vector instructions: one that would take minutes in scalar code, with a network of millions of weights or many restorations and
    /// training steps, and asks what no kernel decides (a published size, memory, tiles, resuming). Kernels are held to their scalar twins by tests of their own.
    /// </summary>
    public static void RequireVectors()
    {
        if (!Vector128.IsHardwareAccelerated)
            Assert.Ignore("Skipped: without vector instructions this takes minutes.");
    }
}
