using Gir.Metrics.Opinions;

namespace Gir.Metrics.Tests.Opinions;

[OnePass]
public sealed class OpinionFilesTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Create() => _folder = new TemporaryFolder();

    [TearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void Tid2013()
    {
        OpinionSet set = OpinionFiles.ReadTid2013(Write("mos_with_names.txt", "5.51429 I01_01_1.bmp\r\n 5.56757  i02_03_2.bmp\n\n"));
        Assert.That(set.Opinions, Is.EqualTo(new Opinion[]
        {
            new("I01_01_1.bmp", 5.51429) { Reference = "I01.bmp", Group = "I01" },
            new("i02_03_2.bmp", 5.56757) { Reference = "i02.bmp", Group = "i02" },
        }));
        Assert.That((set.Name, set.Scale), Is.EqualTo(("TID2013", OpinionScale.HigherIsBetter)));
    }

    [Test]
    public void Kadid10k()
    {
        OpinionSet set = OpinionFiles.ReadKadid10k(Write("dmos.csv", "dist_img,ref_img,dmos,var\nI01_01_01.png,I01.png,4.57,0.25\n"));
        Assert.That(set.Opinions, Is.EqualTo(new Opinion[] { new("I01_01_01.png", 4.57) { Reference = "I01.png", Group = "I01.png", Spread = 0.5 } }));
    }

    [TestCase("\"image_name\",\"c1\",\"MOS\",\"SD\"\n\"10.jpg\",0,3.5,0.5\n", 0.5)]
    [TestCase("image_name,MOS\n10.jpg,3.5\n", null)]
    public void KonIq10k(string text, double? spread)
    {
        OpinionSet set = OpinionFiles.ReadKonIq10k(Write("koniq.csv", text));
        Assert.That(set.Opinions, Is.EqualTo(new Opinion[] { new("10.jpg", 3.5) { Spread = spread } }));
    }

    [Test]
    public void Pipal()
    {
        Write("A0002.txt", "A0002_00_00.bmp,1500.5\n");
        Write("A0001.txt", "A0001_00_00.bmp,1400\nA0001_00_01.bmp,1300\n");
        OpinionSet set = OpinionFiles.ReadPipal(_folder.Root);
        Assert.That(set.Opinions.Select(o => (o.Image, o.Score, o.Reference, o.Group)), Is.EqualTo(new[]
        {
            ("A0001_00_00.bmp", 1400, "A0001.bmp", "A0001"), ("A0001_00_01.bmp", 1300, "A0001.bmp", "A0001"), ("A0002_00_00.bmp", 1500.5, "A0002.bmp", "A0002"),
        }));
    }

    [Test]
    public void Generative_restoration()
    {
        string path = Write("dataset_info.json", """
            [{"image_path": "LQ/a.png", "results": {
                "DiffBIR": {"image_path": "DiffBIR/a.png", "annotations": {"Details": -1.5, "Sharpness": 0, "Semantics": 3, "Overall": 2.5}},
                "SwinIR": {"image_path": "SwinIR/a.png", "annotations": {"Details": 0.5, "Overall": 1}},
                "Lost": {"image_path": "Lost/a.png"}}}]
            """);
        IReadOnlyList<OpinionSet> sets = OpinionFiles.ReadGenerativeRestoration(path);
        Assert.That(sets.Select(s => (s.Name, s.Scale, s.Opinions.Count)), Is.EqualTo(new[]
        {
            ("Details", OpinionScale.ZeroIsBest, 2), ("Sharpness", OpinionScale.ZeroIsBest, 1), ("Semantics", OpinionScale.HigherIsBetter, 1), ("Overall", OpinionScale.HigherIsBetter, 2),
        }));
        Assert.That(sets[0].Opinions[0], Is.EqualTo(new Opinion("DiffBIR/a.png", -1.5) { Group = "LQ/a.png", Label = "DiffBIR" }));
    }

    [Test]
    public void Any_table()
    {
        string path = Write("mine.csv", "Name,Original,Votes,Deviation\n\"a, b.png\",o.png,3,0.1\n\"say \"\"x\"\".png\",o.png,2,0\n");
        OpinionSet set = OpinionFiles.ReadCsv(path, new("name", "votes") { Reference = "original", Spread = "deviation" }, OpinionScale.LowerIsBetter, "mine");
        Assert.That(set.Opinions, Is.EqualTo(new Opinion[]
        {
            new("a, b.png", 3) { Reference = "o.png", Group = "o.png", Spread = 0.1 }, new("say \"x\".png", 2) { Reference = "o.png", Group = "o.png", Spread = 0 },
        }));
    }

    [TestCase("", "the file is empty")]
    [TestCase("image,mos\n", "there are no opinions")]
    [TestCase("picture,mos\na,1\n", "there is no column 'image'; expected")]
    [TestCase("image,mos\na\n", "line 2: found 1 fields, expected 2: image, mos")]
    [TestCase("image,mos\na,one\n", "line 2: column 'mos' is 'one'; expected a finite number")]
    [TestCase("image,mos\na,NaN\n", "line 2: column 'mos' is 'NaN'; expected a finite number")]
    [TestCase("image,mos\n,1\n", "line 2: column 'image' is empty")]
    [TestCase("image,mos\na,1\n\nA,2\n", "'A' stands twice")]
    [TestCase("image,mos\n\"a,1\n", "line 2: a quote is never closed")]
    public void A_bad_table_is_refused_with_file_and_line(string text, string reason)
    {
        string path = Write("bad.csv", text);
        Assert.That(
            () => OpinionFiles.ReadCsv(path, new("image", "mos"), OpinionScale.HigherIsBetter),
            Throws.TypeOf<OpinionException>().With.Message.StartsWith(path).And.Message.Contains(reason));
    }

    [TestCase("3.5 I01.bmp", "line 1: 'I01.bmp' names no reference")]
    [TestCase("3.5", "line 1: found 1 fields, expected 2: score, name")]
    public void A_bad_list_of_tid2013_is_refused(string text, string reason) =>
        Assert.That(() => OpinionFiles.ReadTid2013(Write("mos.txt", text)), Throws.TypeOf<OpinionException>().With.Message.Contains(reason));

    [TestCase("{}", "an array")]
    [TestCase("[{\"results\":{\"m\":{\"image_path\":\"a\",\"annotations\":{\"Details\":4}}}}]", "$[0].results.m.annotations.Details: found 4, expected a number in -3..3")]
    [TestCase("[{}]", "'results' is missing")]
    [TestCase("[{\"results\":{\"m\":{\"annotations\":{\"Overall\":1}}}}]", "'image_path' is missing")]
    public void Bad_annotations_are_refused(string text, string reason) =>
        Assert.That(() => OpinionFiles.ReadGenerativeRestoration(Write("info.json", text)), Throws.TypeOf<OpinionException>().With.Message.Contains(reason));

    [Test]
    public void Scores()
    {
        string path = Write("scores.csv", "image,metric,value,convention\na.png,psnr,30.5,\"RGB, no crop\"\na.png,NIQE,4,x\nA2.png,PSNR,Infinity,x\n");
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> scores = OpinionFiles.ReadScores(path);
        Assert.That(scores.Keys, Is.EqualTo(new[] { "psnr", "NIQE" }));
        Assert.That(scores["psnr"]["A.PNG"], Is.EqualTo(30.5));
        Assert.That(scores["psnr"]["a2.png"], Is.EqualTo(double.PositiveInfinity));
        string twice = Write("twice.csv", "image,metric,value\na,psnr,1\nA,psnr,2\n");
        Assert.That(() => OpinionFiles.ReadScores(twice), Throws.TypeOf<OpinionException>().With.Message.Contains("line 3: 'A' has two scores of psnr"));
    }

    [Test]
    public void A_negative_variance_and_an_empty_folder_are_refused()
    {
        Assert.That(() => OpinionFiles.ReadPipal(_folder.Root), Throws.TypeOf<OpinionException>().With.Message.Contains("no text files"));
        string path = Write("dmos.csv", "dist_img,ref_img,dmos,var\na,b,1,-1\n");
        Assert.That(() => OpinionFiles.ReadKadid10k(path), Throws.TypeOf<OpinionException>().With.Message.Contains("line 2: the variance is negative"));
    }

    private string Write(string name, string text)
    {
        string path = _folder[name];
        File.WriteAllText(path, text);
        return path;
    }
}
