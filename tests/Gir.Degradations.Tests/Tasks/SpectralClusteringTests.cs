using Gir.Degradations.Tasks;

namespace Gir.Degradations.Tests.Tasks;

public sealed class SpectralClusteringTests
{
    [TestCase("moons", 2)]
    [TestCase("gaussians", 3)]
    [TestCase("blocks10", 10)]
    public void Partitions_equal_those_of_the_golden_affinities(string name, int clusters)
    {
        SafeTensors golden = SafeTensors.Load(TestData.Golden("metrics", "statistics.safetensors"));
        int[] expected = golden.Int32s($"spectral.{name}.expectedPartition");
        double[] affinity = golden.Doubles($"spectral.{name}.affinity");

        int[] actual = SpectralClustering.Cluster(affinity, clusters, seed: 1);

        // Clusters have no names: two samples are together in one partition exactly when they are in the other.
        for (int i = 0; i < expected.Length; i++)
        {
            for (int j = 0; j < i; j++)
                Assert.That(actual[i] == actual[j], Is.EqualTo(expected[i] == expected[j]), $"samples {i} and {j}");
        }
    }
}
