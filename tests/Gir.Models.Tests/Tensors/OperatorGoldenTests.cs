using Gir.Models.Tensors.Backends.Cpu;

namespace Gir.Models.Tests.Tensors;

/// <summary>Every operator, forward and backward, against PyTorch, on the fast engine and on the oracle.</summary>
public sealed class OperatorGoldenTests
{
    public static IEnumerable<string> Names => OperatorGoldens.Names;

    private static IEnumerable<string> Convolutions => Names.Where(n => n.StartsWith("conv", StringComparison.Ordinal));

    [Test]
    public void There_are_213_entries() => Assert.That(Names.Count(), Is.EqualTo(213));

    [TestCaseSource(nameof(Names))]
    public void The_scalar_engine_equals_PyTorch(string name) => OperatorGoldens.Check(name, new ScalarBackend());

    [TestCaseSource(nameof(Names))]
    public void The_fast_engine_equals_PyTorch(string name) => OperatorGoldens.Check(name, new CpuBackend(new CpuBackendOptions { MaxDegreeOfParallelism = 1 }));

    [Test]
    public void Every_convolution_algorithm_equals_PyTorch(
        [ValueSource(nameof(Convolutions))] string name, [Values(nameof(ConvolutionAlgorithm.WinogradF2), nameof(ConvolutionAlgorithm.Direct))] string algorithm) =>
        OperatorGoldens.Check(name, new CpuBackend(new CpuBackendOptions { MaxDegreeOfParallelism = 1, Convolution = Enum.Parse<ConvolutionAlgorithm>(algorithm) }));
}
