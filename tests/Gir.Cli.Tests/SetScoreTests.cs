using System.Text.Json;
using Gir.Imaging;
using Gir.Imaging.Codecs;
using Gir.Imaging.Random;
using Gir.Metrics.Analysis;
using Gir.Models.Features;
using Gir.Models.Serialization;
using Gir.Models.Tensors;

namespace Gir.Cli.Tests;

/// <summary>FID and KID of folders, through a narrow Inception made by formula.</summary>
public sealed class SetScoreTests
{
    private TemporaryFolder _folder = null!;

    [OneTimeSetUp]
    public void SetUp()
    {
        _folder = new TemporaryFolder();
        foreach ((string name, int count, ulong seed) in new[] { ("a", 5, 1UL), ("b", 4, 50UL) })
        {
            Directory.CreateDirectory(_folder[name]);
            for (int i = 0; i < count; i++)
            {
                var image = new ImageBuffer(3, 20 + i, 24);
                Philox4x32.FillUniform(image.Samples, seed + (ulong)i);
                ImageFile.Save(Path.Combine(_folder[name], $"{name}{i}.png"), image);
            }
        }

        SafeTensorsFile.Write(_folder["inception.safetensors"], NarrowInception());
    }

    [OneTimeTearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void Folders_are_compared_as_wholes()
    {
        InceptionNetwork network = InceptionNetwork.Load(_folder["inception.safetensors"]);
        FeatureSet Of(string name)
        {
            double[][] points = [.. Directory.GetFiles(_folder[name]).Order(StringComparer.Ordinal).Select(f => network.Extract(ImageFile.Load(f), ["block3"])[0].Array.Select(v => (double)v).ToArray())];
            return new FeatureSet([.. points.SelectMany(p => p)], points.Length, network.Features);
        }

        ToolResult result = Tool.Run(["score", "-i", _folder["a"], "-r", _folder["b"], "-m", "FID,kid", "--weights", _folder["inception.safetensors"], "--json"]);
        Assert.That(result.ExitCode, Is.Zero, result.Error);
        using JsonDocument json = JsonDocument.Parse(result.Output);
        JsonElement[] rows = [.. json.RootElement.EnumerateArray()];
        Assert.That(rows.Select(r => r.GetProperty("metric").GetString()), Is.EqualTo(new[] { "fid", "kid" }));
        double fid = rows[0].GetProperty("value").GetDouble();
        Assert.That(fid, Is.Positive.And.EqualTo(FrechetDistance.Compute(Of("a"), Of("b"))));
        Assert.That(rows[1].GetProperty("value").GetDouble(), Is.EqualTo(KernelDistance.Compute(Of("a"), Of("b"))));
        Assert.That(rows[0].GetProperty("convention").GetString(), Does.Contain("5 images against 4").And.Contain("299 x 299"));
        Assert.That(result.Error, Does.Contain("5 and 4 images are few"));
    }

    [TestCase("needs --weights once", "fid", "a", "b")]
    [TestCase("needs --weights once", "kid", "a", "b", "--weights", "inception.safetensors", "--weights", "inception.safetensors")]
    [TestCase("taken for Inception-v3: There is no 'Conv2d_1a_3x3.conv.weight'", "fid", "a", "b", "--weights", "empty.safetensors")]
    [TestCase("psnr single images; ask for them in two calls", "psnr,fid", "a", "b")]
    [TestCase("needs --reference, a folder", "fid", "a", "")]
    [TestCase("fid compares folders of images, not one", "fid", "a/a0.png", "b")]
    [TestCase("has one convention", "fid", "a", "b", "--profile", "basicsr")]
    public void Mistakes_are_told_in_a_line(string reason, string metrics, string image, string reference, params string[] more)
    {
        SafeTensorsFile.Write(_folder["empty.safetensors"], [KeyValuePair.Create("a", Tensor.Ones([1]))]);
        string[] references = reference.Length > 0 ? ["-r", _folder[reference]] : [];
        ToolResult result = Tool.Run(["score", "-i", Path.Combine(_folder.Root, image), .. references, "-m", metrics, .. more.Select(m => m.EndsWith(".safetensors", StringComparison.Ordinal) ? _folder[m] : m)]);
        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Error, Does.Contain(reason));
        Assert.That(result.Error.TrimEnd(), Does.Not.Contain('\n'));
    }

    // One feature a convolution, in the order of the published graph; kernels by the end of the names.
    private static Dictionary<string, Tensor> NarrowInception()
    {
        var random = new PhiloxRandom(4);
        var weights = new Dictionary<string, Tensor>();
        int Conv(string name, int inputs, int kh, int kw)
        {
            float[] values = [.. Enumerable.Range(0, inputs * kh * kw).Select(_ => (float)random.NextUniform(-0.5, 0.8))];
            weights[name + ".conv.weight"] = Tensor.From(values, [1, inputs, kh, kw]);
            weights[name + ".bn.weight"] = weights[name + ".bn.running_var"] = Tensor.Ones([1]);
            weights[name + ".bn.bias"] = Tensor.Full([1], 0.1f);
            weights[name + ".bn.running_mean"] = Tensor.Zeros([1]);
            return 1;
        }

        Conv("Conv2d_1a_3x3", 3, 3, 3);
        foreach ((string name, int k) in new[] { ("Conv2d_2a_3x3", 3), ("Conv2d_2b_3x3", 3), ("Conv2d_3b_1x1", 1), ("Conv2d_4a_3x3", 3) })
            Conv(name, 1, k, k);
        int x = 1;
        foreach (string m in new[] { "Mixed_5b", "Mixed_5c", "Mixed_5d" })
        {
            foreach (string first in new[] { "branch1x1", "branch5x5_1", "branch3x3dbl_1", "branch_pool" })
                Conv($"{m}.{first}", x, 1, 1);
            Conv(m + ".branch5x5_2", 1, 5, 5);
            Conv(m + ".branch3x3dbl_2", 1, 3, 3);
            Conv(m + ".branch3x3dbl_3", 1, 3, 3);
            x = 4;
        }

        Conv("Mixed_6a.branch3x3", 4, 3, 3);
        Conv("Mixed_6a.branch3x3dbl_1", 4, 1, 1);
        Conv("Mixed_6a.branch3x3dbl_2", 1, 3, 3);
        Conv("Mixed_6a.branch3x3dbl_3", 1, 3, 3);
        x = 6;
        foreach (string m in new[] { "Mixed_6b", "Mixed_6c", "Mixed_6d", "Mixed_6e" })
        {
            foreach (string first in new[] { "branch1x1", "branch7x7_1", "branch7x7dbl_1", "branch_pool" })
                Conv($"{m}.{first}", x, 1, 1);
            foreach (string across in new[] { "branch7x7_2", "branch7x7dbl_3", "branch7x7dbl_5" })
                Conv($"{m}.{across}", 1, 1, 7);
            foreach (string down in new[] { "branch7x7_3", "branch7x7dbl_2", "branch7x7dbl_4" })
                Conv($"{m}.{down}", 1, 7, 1);
            x = 4;
        }

        Conv("Mixed_7a.branch3x3_1", 4, 1, 1);
        Conv("Mixed_7a.branch3x3_2", 1, 3, 3);
        Conv("Mixed_7a.branch7x7x3_1", 4, 1, 1);
        Conv("Mixed_7a.branch7x7x3_2", 1, 1, 7);
        Conv("Mixed_7a.branch7x7x3_3", 1, 7, 1);
        Conv("Mixed_7a.branch7x7x3_4", 1, 3, 3);
        x = 6;
        foreach (string m in new[] { "Mixed_7b", "Mixed_7c" })
        {
            foreach (string first in new[] { "branch1x1", "branch3x3_1", "branch3x3dbl_1", "branch_pool" })
                Conv($"{m}.{first}", x, 1, 1);
            Conv(m + ".branch3x3dbl_2", 1, 3, 3);
            foreach (string split in new[] { "branch3x3_2", "branch3x3dbl_3" })
            {
                Conv($"{m}.{split}a", 1, 1, 3);
                Conv($"{m}.{split}b", 1, 3, 1);
            }
        }

        return weights;
    }
}
