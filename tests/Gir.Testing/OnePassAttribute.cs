using NUnit.Framework;

namespace Gir.Testing;

/// <summary>
/// What no kernel decides: files, resuming, memory, tiles, a published size, how good a trained network is. The continuous integration runs the tests of packages with
/// kernels again with narrower vectors and without any (.ci/run), which these would only make long; kernels are held to their scalar twins, and networks to small
/// goldens, by tests that are in every pass.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class OnePassAttribute() : CategoryAttribute("OnePass");
