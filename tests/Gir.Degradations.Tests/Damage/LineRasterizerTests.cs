using System.Text.Json;
using Gir.Degradations.Damage;

namespace Gir.Degradations.Tests.Damage;

[TestFixture]
public sealed class LineRasterizerTests
{
    private static readonly SafeTensors s_golden = SafeTensors.Load(TestData.Golden("degradations", "polylines.safetensors"));
    private static readonly Entry s_entry = ReadEntry();

    public static IEnumerable<string> Masks() => s_golden.Names.Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(Masks))]
    public void Lines_equal_those_of_OpenCV_pixel_for_pixel(string name)
    {
        // polyline.t7.l3 or polyline.t7.all
        string[] parts = name.Split('.');
        int thickness = int.Parse(parts[1][1..]);
        var mask = new byte[s_entry.Height * s_entry.Width];
        var rasterizer = new LineRasterizer(mask, s_entry.Height, s_entry.Width);
        for (int i = 0; i < s_entry.Lines.Length; i++)
        {
            int[] line = s_entry.Lines[i];
            if (parts[2] == "all" || parts[2] == $"l{i}")
                rasterizer.Draw(line[0], line[1], line[2], line[3], thickness);
        }

        Assert.That(mask, Is.EqualTo(s_golden.Bytes(name)));
    }

    [Test]
    public void An_odd_thickness_paints_two_rows_more_and_an_even_one_one_more([Range(2, 12)] int thickness)
    {
        var mask = new byte[40 * 60];
        new LineRasterizer(mask, 40, 60).Draw(20, 20, 40, 20, thickness);
        int rows = Enumerable.Range(0, 40).Count(y => mask[(y * 60) + 30] == 1);
        Assert.That(rows, Is.EqualTo(thickness + 1 + (thickness % 2)));
    }

    [Test]
    public void Lines_far_outside_paint_nothing_and_do_not_fail()
    {
        var mask = new byte[10 * 10];
        var rasterizer = new LineRasterizer(mask, 10, 10);
        rasterizer.Draw(-500, -400, -300, 900, 7);
        rasterizer.Draw(500, 400, 40, 90, 1);
        Assert.That(mask, Is.All.EqualTo(0));
        rasterizer.Draw(-500, 5, 500, 5, 1);
        Assert.That(mask.Sum(b => b), Is.EqualTo(10));
    }

    private static Entry ReadEntry()
    {
        using JsonDocument manifest = JsonDocument.Parse(File.ReadAllBytes(TestData.Golden("degradations", "manifest.json")));
        JsonElement entry = manifest.RootElement.GetProperty("entries").EnumerateArray().Single(e => e.GetProperty("name").GetString() == "damage.polylines");
        int[][] lines = [.. entry.GetProperty("lines").EnumerateArray().Select(
            l => l.EnumerateArray().SelectMany(p => p.EnumerateArray().Select(c => c.GetInt32())).ToArray())];
        return new Entry(entry.GetProperty("height").GetInt32(), entry.GetProperty("width").GetInt32(), lines);
    }

    private sealed record Entry(int Height, int Width, int[][] Lines);
}
