using Gir.Evaluation.Orleans.Messages;
using Gir.Evaluation.Orleans.Silo;
using Gir.Imaging;

namespace Gir.Evaluation.Orleans.Tests;

public sealed class ImagePacketTests
{
    [Test]
    public void Levels_travel_as_levels_and_come_back_bit_for_bit([Values(255, 65535)] int white, [Values(1, 3)] int channels)
    {
        var image = new ImageBuffer(channels, 257, 256);
        for (int i = 0; i < image.Samples.Length; i++)
            image.Samples[i] = i % (white + 1) / (float)white;

        ImagePacket packet = ImagePacket.Of(image);

        Assert.That(packet.Bytes, Has.Length.EqualTo(16 + (image.Samples.Length * (white == 255 ? 1 : 2))));
        Assert.That(ImagePacket.Unpack(packet.Bytes).Array, Is.EqualTo(image.Array));
    }

    [TestCase(0.1f)]
    [TestCase(-0f)]
    [TestCase(1.5f)]
    [TestCase(float.NaN)]
    [TestCase(float.Epsilon)]
    public void Any_other_sample_makes_all_travel_as_floats(float sample)
    {
        var image = new ImageBuffer(1, 2, 2, [0, 1, 0.2f, sample]);

        ImageBuffer back = ImagePacket.Unpack(ImagePacket.Of(image).Bytes);

        Assert.That(back.Array.Select(BitConverter.SingleToInt32Bits), Is.EqualTo(image.Array.Select(BitConverter.SingleToInt32Bits)));
    }

    [Test]
    public void A_damaged_packet_is_refused()
    {
        byte[] bytes = ImagePacket.Of(new ImageBuffer(1, 2, 3)).Bytes;
        Assert.That(() => ImagePacket.Unpack(bytes[..^1]), Throws.TypeOf<InvalidDataException>());
        Assert.That(() => ImagePacket.Unpack(bytes[..15]), Throws.TypeOf<InvalidDataException>());
        for (int at = 0; at < 16; at++)
        {
            byte[] damaged = [.. bytes];
            damaged[at] ^= 0x81;
            Assert.That(() => ImagePacket.Unpack(damaged), Throws.TypeOf<InvalidDataException>(), $"byte {at}");
        }
    }

    [Test]
    public void A_shelf_takes_parts_from_two_at_once_checks_the_whole_and_keeps_to_its_budget()
    {
        var shelf = new ImageShelf(budget: 3000);
        ImagePacket[] packets = [.. Enumerable.Range(0, 3).Select(i => ImagePacket.Of(new ImageBuffer(1, 30, 40, [.. Enumerable.Repeat(i / 255f, 1200)])))];
        foreach (int offset in new[] { 0, 500, 1000 })
        {
            shelf.Put(Part(packets[0], offset));
            shelf.Put(Part(packets[0], offset));
        }

        Assert.That(shelf.Has(packets[0].Hash), Is.True);
        Put(shelf, packets[1]);
        Assert.That(shelf.Has(packets[0].Hash), Is.True);
        Put(shelf, packets[2]);
        // 2,432 bytes fit: the one that was asked for longest ago is gone.
        Assert.That((shelf.Has(packets[0].Hash), shelf.Has(packets[1].Hash), shelf.Has(packets[2].Hash)), Is.EqualTo((true, false, true)));
        Assert.That(shelf.Find(packets[1].Hash), Is.Null);

        Assert.That(() => shelf.Put(Part(packets[1], 500)), Throws.TypeOf<InvalidDataException>(), "the first part is missing");
        ImagePart wrong = Part(packets[1], 0) with { Hash = packets[1].Hash[1..] + "0" };
        shelf.Put(wrong);
        shelf.Put(Part(packets[1], 500) with { Hash = wrong.Hash });
        Assert.That(() => shelf.Put(Part(packets[1], 1000) with { Hash = wrong.Hash }), Throws.TypeOf<InvalidDataException>().With.Message.Contains("another content"));
        Assert.That(() => shelf.Put(new ImagePart("0", 3001, 0, [])), Throws.TypeOf<InvalidDataException>());
    }

    private static void Put(ImageShelf shelf, ImagePacket packet)
    {
        foreach (int offset in new[] { 0, 500, 1000 })
            shelf.Put(Part(packet, offset));
    }

    private static ImagePart Part(ImagePacket packet, int offset) =>
        new(packet.Hash, packet.Bytes.Length, offset, packet.Bytes[offset..Math.Min(packet.Bytes.Length, offset + 500)]);
}
