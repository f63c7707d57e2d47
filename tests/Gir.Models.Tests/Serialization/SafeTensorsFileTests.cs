using Gir.Models.Serialization;
using Gir.Imaging.Kernels;
using Gir.Models.Tensors;

namespace Gir.Models.Tests.Serialization;

public sealed class SafeTensorsFileTests
{
    private static readonly KeyValuePair<string, Tensor>[] Tensors =
    [
        new("b.weight", Tensor.From([1, -2, float.NaN, 4, 5, 6], [2, 3])),
        new("a.bias", Tensor.Scalar(7)),
        new("empty", Tensor.Zeros([0, 4])),
        new("ключ \"quoted\"", Tensor.From([0.5f], [1])),
    ];

    [Test]
    public void What_is_written_is_read_again()
    {
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, "written.safetensors");
        SafeTensorsFile.Write(path, Tensors, new Dictionary<string, string> { ["hyper"] = "{\"scale\": 2}" });
        var checkpoint = Checkpoint.Load(path);
        Assert.That(checkpoint.Tensors.Keys, Is.EquivalentTo(Tensors.Select(t => t.Key)));
        foreach ((string name, Tensor tensor) in Tensors)
        {
            Assert.That(checkpoint.Tensors[name].Shape, Is.EqualTo(tensor.Shape), name);
            Assert.That(checkpoint.Tensors[name].ToArray(), Is.EqualTo(tensor.ToArray()), name);
        }

        Assert.That(checkpoint.Metadata["hyper"], Is.EqualTo("{\"scale\": 2}"));
        Assert.That(Directory.GetFiles(Path.GetDirectoryName(path)!, "*.partial"), Is.Empty);
    }

    [Test]
    public void A_name_as_long_as_the_file_system_allows_is_written()
    {
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, new string('n', 243) + ".safetensors");
        SafeTensorsFile.Write(path, Tensors);
        Assert.That(Checkpoint.Load(path).Tensors, Is.Not.Empty);
        File.Delete(path);
    }

    [Test]
    public void Half_precision_rounds_to_nearest_even_and_leaves_what_it_would_spoil()
    {
        float[] values = [0, 1f / 3, -65504, 1 + (1f / 2048), 1 + (3f / 2048), float.NegativeInfinity, float.NaN, 3e-8f];
        using var stream = new MemoryStream();
        SafeTensorsFile.Write(
            stream,
            [new("values", Tensor.From(values, [2, 4])), new("large", Tensor.From([1f / 3, 65520], [2])), new("counter", Tensor.From([2049], [1]))],
            type: CheckpointDataType.Float16);
        IReadOnlyDictionary<string, CheckpointTensor> read = Checkpoint.Read(stream.ToArray(), "half.safetensors").Tensors;
        Assert.That(read.ToDictionary(t => t.Key, t => t.Value.Type), Is.EquivalentTo(new Dictionary<string, CheckpointDataType>
        {
            ["values"] = CheckpointDataType.Float16, ["large"] = CheckpointDataType.Float32, ["counter"] = CheckpointDataType.Float32,
        }));
        Assert.That(read["values"].ToArray(), Is.EqualTo(new[] { 0, 0.33325195f, -65504, 1, 1 + (4f / 2048), float.NegativeInfinity, float.NaN, 5.9604645e-8f }));
        Assert.That(read["large"].ToArray(), Is.EqualTo(new[] { 1f / 3, 65520 }));
        Assert.That(read["counter"].ToArray(), Is.EqualTo(new[] { 2049f }));
        Assert.That(() => SafeTensorsFile.Write(stream, [], type: CheckpointDataType.Int8), Throws.ArgumentException.With.Message.Contains("Float16"));
    }

    [Test]
    public void The_bytes_do_not_depend_on_the_order() => Assert.That(Bytes(Tensors.Reverse()), Is.EqualTo(Bytes(Tensors)));

    [Test]
    public void The_data_begins_on_a_multiple_of_8_bytes()
    {
        byte[] bytes = Bytes(Tensors);
        Assert.That(BitConverter.ToInt64(bytes) % 8, Is.Zero);
        Assert.That(bytes, Has.Length.EqualTo(8 + BitConverter.ToInt64(bytes) + ((6 + 1 + 0 + 1) * 4)));
    }

    [Test]
    public void A_name_given_twice_is_refused() =>
        Assert.That(() => Bytes([.. Tensors, Tensors[0]]), Throws.ArgumentException.With.Message.Contains("b.weight"));

    [Test]
    public void The_checksum_equals_its_twin_at_every_length_and_the_published_value()
    {
        byte[] bytes = [.. Enumerable.Range(0, 256).Select(i => (byte)(i * 37))];
        for (int length = 0; length <= 256; length++)
            Assert.That(Crc32.Append(0, bytes.AsSpan(0, length)), Is.EqualTo(Crc32.AppendScalar(0, bytes.AsSpan(0, length))));
        Assert.That(Crc32.Append(0, "123456789"u8), Is.EqualTo(0xCBF43926));
    }

    private static byte[] Bytes(IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        using var memory = new MemoryStream();
        SafeTensorsFile.Write(memory, tensors);
        return memory.ToArray();
    }
}
