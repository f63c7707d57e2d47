using System.Globalization;
using System.Text.Json;
using Gir.Imaging.Random;

namespace Gir.Imaging.Tests.Random;

public sealed class Philox4x32Tests
{
    [Test]
    public void Known_answers_of_Random123_hold()
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllText(TestData.Golden("degradations", "philox.json")));
        int checkedVectors = 0;
        foreach (JsonElement vector in golden.RootElement.GetProperty("vectors").EnumerateArray())
        {
            uint[] counter = Words(vector, "counter");
            uint[] key = Words(vector, "key");
            uint[] output = Words(vector, "output");
            int rounds = vector.TryGetProperty("rounds", out JsonElement stated) ? stated.GetInt32() : 10;
            PhiloxBlock block = Philox4x32.Block(new PhiloxBlock(counter[0], counter[1], counter[2], counter[3]), key[0], key[1], rounds);
            Assert.That(new[] { block.X0, block.X1, block.X2, block.X3 }, Is.EqualTo(output));
            checkedVectors++;
        }

        Assert.That(checkedVectors, Is.GreaterThanOrEqualTo(3));
    }

    private static uint[] Words(JsonElement vector, string name) =>
        [.. vector.GetProperty(name).EnumerateArray().Select(e => uint.Parse(e.GetString()!, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
}
