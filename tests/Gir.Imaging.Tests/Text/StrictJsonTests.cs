using System.Text;
using System.Text.Json.Serialization;
using Gir.Imaging.Text;

namespace Gir.Imaging.Tests.Text;

public sealed partial class StrictJsonTests
{
    private static readonly StrictJsonSource s_source = new("a.json", "a letter", (message, inner) => new FormatException(message, inner));

    [TestCase("", "line 1, byte 1", "not a letter")]
    [TestCase("{\n  \"a\": fal\nse}", "line 2, byte", "no JSON")]
    [TestCase("{} {}", "line 1, byte", "no JSON")]
    [TestCase("{\"a\":NaN}", "line 1, byte", "no JSON")]
    [TestCase("{\"a\":-Infinity}", "line 1, byte", "no JSON")]
    [TestCase("{\"a\":1, // why\n\"b\":2}", "line 1, byte", "no JSON")]
    [TestCase("{\"a\":1e999}", "$.a", "expected a finite number")]
    [TestCase("{\"a\":[1,{\"b\":-1e400}]}", "$.a[1].b", "expected a finite number")]
    [TestCase("{\"a\":\"\\ud800\"}", "$.a", "surrogate")]
    [TestCase("{\"a\":[\"x\",\"\\udc00\\ud800\"]}", "$.a[1]", "surrogate")]
    [TestCase("{\"a\":{\"\\ud800\":1}}", "$.a", "surrogate")]
    [TestCase("{\"a\":1,\"b\":{\"c\":1,\"\\u0063\":2}}", "$.b", "'c' stands twice")]
    [TestCase("{\"a\":[1,null]}", "$.a[1]", "found null")]
    [TestCase("null", "$", "found null")]
    public void A_defect_of_the_text_tells_source_place_finding_and_expectation(string json, string place, string finding)
    {
        FormatException fault = Assert.Throws<FormatException>(() => StrictJson.Read(json, s_source, _ => 0))!;
        Assert.That(fault.Message, Does.StartWith("a.json: " + place).And.Contain(finding));
        Assert.That(fault.Message.Any(char.IsControl), Is.False);
    }

    [Test]
    public void Depth_and_length_are_bounded()
    {
        StrictJsonSource small = s_source with { Depth = 3, LongestText = 10 };
        Assert.That(StrictJson.Read("[[[1]]]", small, r => r.Items(1).Count), Is.EqualTo(1));
        Assert.That(() => StrictJson.Read("[[[[1]]]]", small, _ => 0), Throws.TypeOf<FormatException>().With.Message.StartsWith("a.json: line 1, byte 4"));
        Assert.That(() => StrictJson.Read("[[[10000]]]", small, _ => 0), Throws.TypeOf<FormatException>().With.Message.Contains("found 11 characters, expected at most 10"));
        Assert.That(() => StrictJson.Read(new string('[', 1 << 20), s_source, _ => 0), Throws.TypeOf<FormatException>());
    }

    [Test]
    public void Half_a_surrogate_pair_that_stands_in_the_text_is_refused() => Assert.That(
        () => StrictJson.Read("\"" + '\ud800' + "\"", s_source, _ => 0),
        Throws.TypeOf<FormatException>().With.Message.StartsWith("a.json: $").And.Message.Contains("surrogate"));

    [Test]
    public void Damaged_utf8_is_refused()
    {
        byte[] json = [.. "{\"from\":\""u8, 0xED, 0xA0, 0x80, .. "\"}"u8];
        Assert.That(
            () => StrictJson.Read((ReadOnlyMemory<byte>)json, s_source, r => r.As(Context.Default.Letter)),
            Throws.TypeOf<FormatException>().With.Message.StartsWith("a.json: $.from").And.Message.Contains("damaged UTF-8"));
    }

    [Test]
    public void Values_are_read_as_what_they_are() => StrictJson.Read(
        """{"text":"x","whole":-3,"number":1.5,"seed":18446744073709551615,"seedText":"18446744073709551615","flag":true,"none":null,"choice":"open-cv-not"}""",
        s_source with { AllowsNull = true },
        root =>
        {
            Assert.That(root.Property("text").Text(), Is.EqualTo("x"));
            Assert.That(root.Property("whole").Integer(-3, 5), Is.EqualTo(-3));
            Assert.That(root.Property("number").Number(), Is.EqualTo(1.5));
            Assert.That(root.Property("seed").UInt64(), Is.EqualTo(ulong.MaxValue));
            Assert.That(root.Property("seedText").UInt64Text(), Is.EqualTo(ulong.MaxValue));
            Assert.That(root.Property("flag").Flag());
            Assert.That(root.Optional("none"), Is.Null);
            Assert.That(root.Optional("missing"), Is.Null);
            Assert.That(root.Optional("text")!.Value.Text(), Is.EqualTo("x"));
            Refuses(() => root.Property("missing"), "$: property 'missing' is missing");
            Refuses(() => root.Property("none").Text(), "$.none: found null, expected a string");
            Refuses(() => root.Property("number").Integer(), "$.number: found 1.5, expected an integer");
            Refuses(() => root.Property("whole").Integer(0, 5), "$.whole: found -3, expected an integer in 0..5");
            Refuses(() => root.Property("whole").UInt64(), "$.whole: found -3, expected an integer in 0..");
            Refuses(() => root.Property("text").UInt64Text(), "$.text: found \"x\", expected a string of decimal digits");
            Refuses(() => root.Property("text").Items(3), "$.text: found \"x\", expected an array");
            Refuses(() => root.Property("text").Optional("x"), "$.text: found \"x\", expected an object");
            Refuses(() => root.Property("seed").Flag(), "$.seed: found 18446744073709551615, expected true or false");
            Refuses(() => root.Property("choice").Choice<PadMode>(), "$.choice: found \"open-cv-not\", expected one of ");
            Refuses(() => root.Text(), "$: not a letter: found {");
            Refuses(() => root.Object("text", "whole", "number", "seeds", "seedText", "flag", "none", "choice"), "$: unknown property 'seed'");
            return 0;
        });

    [TestCase("[1]", "$")]
    [TestCase("{\"from\":1}", "$.from")]
    [TestCase("{\"pages\":1.5}", "$.pages")]
    public void What_the_serializer_cannot_convert_is_the_same_exception(string json, string place) => Assert.That(
        () => StrictJson.Read(json, s_source, r => r.As(Context.Default.Letter)),
        Throws.TypeOf<FormatException>().With.Message.StartsWith($"a.json: {place}: not a letter"));

    [Test]
    public void Every_damage_of_a_byte_is_read_or_refused()
    {
        byte[] whole = Encoding.UTF8.GetBytes("""{"from":"J\u00e9r\ud83d\ude00","pages":12}""");
        for (int at = 0; at < whole.Length; at++)
        {
            for (int value = 0; value < 256; value++)
            {
                byte[] damaged = [.. whole];
                damaged[at] = (byte)value;
                try
                {
                    _ = StrictJson.Read((ReadOnlyMemory<byte>)damaged, s_source, r => r.As(Context.Default.Letter));
                }
                catch (FormatException e)
                {
                    Assert.That(e.Message, Does.StartWith("a.json: "));
                }
            }
        }
    }

    private static void Refuses(Action action, string message) =>
        Assert.That(() => action(), Throws.TypeOf<FormatException>().With.Message.StartsWith("a.json: " + message));

    internal sealed record Letter(string? From = null, int Pages = 0);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(Letter))]
    internal sealed partial class Context : JsonSerializerContext;
}
