using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Gir.Models.Serialization;

namespace Gir.Models.Tests.Serialization;

/// <summary>Safetensors files of more than one array, of which only what is asked for is read. They are sparse: a hole of more than 2 GiB takes no room.</summary>
public sealed class LargeFileTests
{
    private const long Hole = 2_200_000_000;

    private static readonly CheckpointLimits s_limits = new() { MaxFileBytes = 1L << 40 };

    [Test]
    public void Tensors_behind_a_hole_are_read_one_by_one()
    {
        using var folder = new TemporaryFolder();
        float[] values = [.. Enumerable.Range(0, 600_000).Select(i => i * 0.25f)];
        Write(folder["large.safetensors"], values, Hole);
        long before = GC.GetAllocatedBytesForCurrentThread();
        var checkpoint = Checkpoint.Load(folder["large.safetensors"], s_limits);
        float[] read = checkpoint.Tensors["b"].ToArray();
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(20_000_000));
        Assert.That(read, Is.EqualTo(values));
        Assert.That(checkpoint.Tensors["a"].Length, Is.EqualTo(Hole / 2));
    }

    [Test]
    public void Files_of_some_hundred_megabytes_are_not_read_into_memory_as_a_whole_either()
    {
        using var folder = new TemporaryFolder();
        Write(folder["middle.safetensors"], [1, 2, 3], 300_000_000);
        File.Copy(folder["middle.safetensors"], folder["middle.ckpt"]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (string name in new[] { "middle.safetensors", "middle.ckpt" })
            Assert.That(Checkpoint.Load(folder[name]).Tensors["b"].ToArray(), Is.EqualTo(new float[] { 1, 2, 3 }));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(5_000_000));
        using (FileStream file = File.Create(folder["middle.pth"]))
            file.SetLength(300_000_000);
        Assert.That(() => Checkpoint.Load(folder["middle.pth"]), Throws.TypeOf<CheckpointFormatException>().With.Message.Contains("middle.pth"));
    }

    [Test]
    public void They_are_refused_without_a_limit_that_admits_them_and_where_they_are_no_safetensors()
    {
        using var folder = new TemporaryFolder();
        Write(folder["large.safetensors"], [1, 2], Hole);
        Assert.That(() => Checkpoint.Load(folder["large.safetensors"]), Throws.TypeOf<CheckpointFormatException>().With.Message.Contains("at most"));
        using (FileStream file = File.Create(folder["large.pth"]))
            file.SetLength(Hole);
        Assert.That(() => Checkpoint.Load(folder["large.pth"], s_limits), Throws.TypeOf<CheckpointFormatException>().With.Message.Contains("no safetensors"));
        Write(folder["short.safetensors"], [1, 2], Hole, missing: 4);
        Assert.That(() => Checkpoint.Load(folder["short.safetensors"], s_limits), Throws.TypeOf<CheckpointFormatException>().With.Message.Contains("outside"));
    }

    [Test]
    public void A_file_that_has_become_shorter_is_told()
    {
        using var folder = new TemporaryFolder();
        Write(folder["large.safetensors"], [1, 2, 3], Hole);
        var checkpoint = Checkpoint.Load(folder["large.safetensors"], s_limits);
        using (FileStream file = File.OpenWrite(folder["large.safetensors"]))
            file.SetLength(1000);
        Assert.That(() => checkpoint.Tensors["b"].ToArray(), Throws.TypeOf<EndOfStreamException>().With.Message.Contains("large.safetensors"));
    }

    private static void Write(string path, float[] values, long hole, int missing = 0)
    {
        string header = $$$"""{"a":{"dtype":"F16","shape":[{{{hole / 2}}}],"data_offsets":[0,{{{hole}}}]},"b":{"dtype":"F32","shape":[{{{values.Length}}}],"data_offsets":[{{{hole}}},{{{hole + (4 * values.Length)}}}]}}""";
        using FileStream file = File.Create(path);
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        file.Write(length);
        file.Write(Encoding.UTF8.GetBytes(header));
        file.Position = 8 + header.Length + hole;
        file.Write(MemoryMarshal.AsBytes<float>(values)[..^missing]);
    }
}
