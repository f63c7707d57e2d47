namespace Gir.Evaluation.Orleans.Tests;

public sealed class ClusterAddressTests
{
    [TestCase("localhost", "localhost:11111")]
    [TestCase("localhost:4000", "localhost:4000")]
    [TestCase("redis:db.example", "redis:db.example:6379/gir")]
    [TestCase("redis:db.example:7000/night-1", "redis:db.example:7000/night-1")]
    [TestCase("redis://db.example/night", "redis:db.example:6379/night")]
    public void An_address_is_read_and_written(string text, string written)
    {
        ClusterAddress address = ClusterAddress.Parse(text);

        Assert.That(address.ToString(), Is.EqualTo(written));
        Assert.That(ClusterAddress.Parse(written), Is.EqualTo(address));
    }

    [TestCase("")]
    [TestCase("db.example")]
    [TestCase("localhost:0")]
    [TestCase("localhost:+5")]
    [TestCase("localhost:70000")]
    [TestCase("redis:")]
    [TestCase("redis:/gir")]
    [TestCase("redis:db.example:x")]
    [TestCase("redis:db.example/")]
    [TestCase("redis:db.example/a b")]
    [TestCase("redis:db.example,allowAdmin=true")]
    public void What_is_no_address_is_refused_with_what_is_expected(string text) =>
        Assert.That(() => ClusterAddress.Parse(text), Throws.TypeOf<FormatException>().With.Message.Contains(ClusterAddress.Expected));

    [Test]
    public void Silos_of_one_machine_get_ports_of_their_own()
    {
        ClusterAddress address = ClusterAddress.Parse("redis:127.0.0.1");

        (int silo, int gateway) = address.FreePorts();

        Assert.That(silo, Is.Not.EqualTo(gateway));
        Assert.That(address.OwnAddress(), Is.EqualTo(System.Net.IPAddress.Loopback));
    }
}
