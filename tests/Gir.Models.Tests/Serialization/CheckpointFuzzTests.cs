using Gir.Imaging.Random;
using Gir.Models.Serialization;

namespace Gir.Models.Tests.Serialization;

/// <summary>Damaged files are read or refused; nothing else ever happens.</summary>
public sealed class CheckpointFuzzTests
{
    // Enough for tables of a few thousand entries; a claim that was believed would take more.
    private const long BytesPerAttempt = 8 << 20;

    [TestCase("legacy.pth", 600)]
    [TestCase("legacy_shared_storage.pth", 300)]
    [TestCase("plain.pth", 300)]
    [TestCase("with_optimizer.pth", 200)]
    [TestCase("pickle_protocol4.pth", 100)]
    [TestCase("deflated.pth", 200)]
    [TestCase("synthetic_ok.pth", 400)]
    [TestCase("hostile_memo_bomb.pth", 200)]
    [TestCase("hostile_recursion.pth", 50)]
    [TestCase("reference.safetensors", 600)]
    [TestCase("empty_tensor.safetensors", 200)]
    public void A_damaged_file_loads_or_is_refused(string name, int attempts)
    {
        byte[] original = File.ReadAllBytes(TestData.Golden("models", "files", name));
        var random = new PhiloxRandom(seed: 20260501, stream: (uint)name.Length);
        int refused = 0;
        for (int attempt = 0; attempt < attempts; attempt++)
        {
            byte[] damaged = Damage(original, random, attempt);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                foreach (CheckpointTensor tensor in Checkpoint.Read(damaged, name).Tensors.Values)
                    tensor.ToArray();
            }
            catch (CheckpointFormatException)
            {
                refused++;
            }

            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(BytesPerAttempt), $"attempt {attempt}");
        }

        Assert.That(refused, Is.GreaterThan(attempts / 10), "The damage should matter.");
    }

    /// <summary>Changes bytes near the beginning (headers, pickles) or anywhere, or cuts the file.</summary>
    private static byte[] Damage(byte[] original, PhiloxRandom random, int attempt)
    {
        byte[] damaged = (byte[])original.Clone();
        int reach = attempt % 3 == 0 ? damaged.Length : Math.Min(damaged.Length, 1200);
        int changes = 1 + random.NextInteger(0, 4 - 1);
        for (int i = 0; i < changes; i++)
        {
            int at = random.NextInteger(0, reach - 1);
            damaged[at] = (attempt % 2) == 0 ? (byte)random.NextInteger(0, 256 - 1) : (byte)(damaged[at] ^ (1 << random.NextInteger(0, 8 - 1)));
        }

        return attempt % 7 == 0 ? damaged[..random.NextInteger(0, damaged.Length - 1)] : damaged;
    }
}
