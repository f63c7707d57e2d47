using Gir.Imaging.Codecs;
using Gir.Metrics.Opinions;
using Gir.Reports;

namespace Gir.Cli.Tests;

public sealed class ReportPanelsTests
{
    private const string Drawing = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 320 200.5\"><rect width=\"9\" height=\"9\"/></svg>";

    [Test]
    public void A_subfolder_is_a_panel_of_text_and_pictures_and_each_table_another()
    {
        using var folder = new TemporaryFolder();
        Write(folder, "b/curves.svg", Drawing);
        Write(folder, "b/means.csv", "value,mean\n1,\"2,5\"\n2,31.234567890123\n");
        Write(folder, "a/about.txt", "Maps.\n");
        Write(folder, "a/map.svg", Drawing);
        ImageFile.Save(folder["a/map.png"], Images.Gradient(16, 24, 3));
        ImageFile.Save(folder["a/other.png"], Images.Gradient(16, 24, 3));
        Write(folder, "a/notes.md", "not shown");
        IReadOnlyList<ReportPanel> panels = ReportPanels.Load(folder.Root);

        Assert.That(panels.Select(p => p.Title), Is.EqualTo(["a", "b", "b: means"]));
        Assert.That(panels[0].Text, Is.EqualTo("Maps."));
        Assert.That(panels[0].Pictures.Select(p => (p.Name, p.Width, p.Height)), Is.EqualTo([("map", 320, 200), ("other", 24, 16)]), "the drawing stands for the picture of its name");
        Assert.That(panels[2].Rows, Is.EqualTo((string[][])[["1", "2,5"], ["2", "31.2346"]]));
    }

    [Test]
    public void A_panel_of_too_many_pictures_says_how_many_there_are()
    {
        using var folder = new TemporaryFolder();
        for (int i = 0; i < 25; i++)
            Write(folder, $"a/{i}.svg", Drawing);
        ReportPanel panel = ReportPanels.Load(folder.Root).Single();
        Assert.That((panel.Pictures.Count, panel.Text), Is.EqualTo((24, "The first 24 of 25 pictures.")));
    }

    [Test]
    public void Where_there_is_no_folder_there_are_no_panels()
    {
        using var folder = new TemporaryFolder();
        Assert.That(ReportPanels.Load(folder["none"]), Is.Empty);
        Assert.That(Tool.Run("evaluate", "--panels", folder["none"]).Error, Does.Contain("--panels").And.Contain("no such folder"));
    }

    [TestCase("<svg></svg>")]
    [TestCase("<svg viewBox='0 0 1e9 5'/>")]
    [TestCase("hello")]
    public void A_drawing_without_a_size_is_refused_by_name(string text)
    {
        using var folder = new TemporaryFolder();
        Write(folder, "a/x.svg", text);
        Assert.That(() => ReportPanels.Load(folder.Root), Throws.TypeOf<ReportException>().With.Message.Contains("x.svg"));
    }

    [Test]
    public void Damaged_and_too_large_files_are_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        Write(folder, "a/x.csv", "a,b\n1\n");
        Assert.That(() => ReportPanels.Load(folder.Root), Throws.TypeOf<OpinionException>().With.Message.Contains("x.csv"));
        File.Delete(folder["a/x.csv"]);
        Write(folder, "a/about.txt", new string('x', (1 << 20) + 1));
        Assert.That(() => ReportPanels.Load(folder.Root), Throws.TypeOf<ReportException>().With.Message.Contains("about.txt"));
    }

    private static void Write(TemporaryFolder folder, string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder[name])!);
        File.WriteAllText(folder[name], text);
    }
}
