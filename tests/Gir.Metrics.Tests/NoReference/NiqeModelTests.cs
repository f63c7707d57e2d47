using System.IO.Compression;
using System.Text;
using Gir.Imaging;
using Gir.Metrics.NoReference;

namespace Gir.Metrics.Tests.NoReference;

[TestFixture]
public class NiqeModelTests
{
    private string _path = "";

    [SetUp]
    public void ChoosePath() => _path = Path.Combine(Path.GetTempPath(), $"gir-niqe-{Environment.ProcessId}-{TestContext.CurrentContext.Test.ID}.bin");

    [TearDown]
    public void RemoveFile() => File.Delete(_path);

    [Test]
    public void The_built_in_model_is_named_apart_and_tells_clean_from_degraded()
    {
        Assert.That(NiqeModel.BuiltIn.Name, Is.EqualTo("gir-kodak24-v1"));
        var metric = new Niqe();
        GoldenPair blurred = GoldenPairs.Synthetic.Pairs.Single(p => p.Name == "scene03.blur2");
        MetricScore clean = metric.Measure(blurred.Reference);
        Assert.That(clean.Model, Is.EqualTo("gir-kodak24-v1"));
        Assert.That(clean.Convention, Does.Contain("gir-kodak24-v1"));
        Assert.That(metric.Measure(blurred.Distorted).Value, Is.GreaterThan(clean.Value));
    }

    [Test]
    public void A_fitted_model_scores_its_own_images_better_than_the_built_in_one_does()
    {
        ImageBuffer[] images = [.. GoldenPairs.Synthetic.Pairs.Select(p => p.Reference).Distinct()];
        NiqeModel model = NiqeModel.Fit("scenes", images);
        var own = new Niqe(new NiqeOptions { Model = model });
        foreach (ImageBuffer image in images.Take(2))
            Assert.That(own.Measure(image).Value, Is.LessThan(new Niqe().Measure(image).Value));
    }

    [Test]
    public void Fitting_needs_two_usable_blocks() =>
        Assert.That(() => NiqeModel.Fit("flat", [new ImageBuffer(3, 192, 192)]), Throws.ArgumentException.With.Message.Contains("2 usable blocks"));

    [Test]
    public void A_flat_image_has_no_score() =>
        Assert.That(new Niqe().Measure(new ImageBuffer(3, 100, 200)).Value, Is.NaN);

    [Test]
    public void Plain_and_compressed_MATLAB_files_give_the_same_model([Values] bool compressed, [Values] bool damagedTail)
    {
        (double[] mean, double[] covariance) = Numbers();
        byte[] file = MatlabFile(("mu_prisparam", 1, 36, mean), ("other", 2, 2, [1, 2, 3, 4]), ("cov_prisparam", 36, 36, covariance), compressed);
        if (damagedTail)
            file = [.. file, 1, 2, 3];
        File.WriteAllBytes(_path, file);
        NiqeModel model = NiqeModel.Load(_path, "m");
        Assert.That(model.Mean.ToArray(), Is.EqualTo(mean));
        Assert.That(model.Covariance.ToArray(), Is.EqualTo(covariance));
    }

    [Test]
    public void Every_truncation_and_bit_flip_of_a_model_file_ends_in_a_clear_error_or_a_model([Values] bool compressed)
    {
        (double[] mean, double[] covariance) = Numbers();
        byte[] file = MatlabFile(("mu_prisparam", 1, 36, mean), ("other", 2, 2, [1, 2, 3, 4]), ("cov_prisparam", 36, 36, covariance), compressed);
        var random = new Gir.Imaging.Random.PhiloxRandom(3);
        for (int trial = 0; trial < 300; trial++)
        {
            byte[] damaged = (byte[])file.Clone();
            if (trial % 2 == 0)
                damaged = damaged[..random.NextInteger(0, file.Length - 1)];
            else
                damaged[random.NextInteger(0, Math.Min(1000, file.Length - 1))] ^= (byte)(1 << random.NextInteger(0, 7));
            File.WriteAllBytes(_path, damaged);
            try
            {
                NiqeModel.Load(_path);
            }
            catch (InvalidDataException e)
            {
                Assert.That(e.Message, Does.StartWith(_path));
            }
        }
    }

    [Test]
    public void A_compressed_part_that_needs_a_dictionary_is_refused_like_any_damage()
    {
        // 0x78 0x20: zlib with a preset dictionary, whose number follows.
        byte[] part = [0x78, 0x20, 1, 2, 3, 4, 5, 6];
        File.WriteAllBytes(_path, [.. MatlabFile()[..128], .. BitConverter.GetBytes(15), .. BitConverter.GetBytes(part.Length), .. part]);
        Assert.That(() => NiqeModel.Load(_path), Throws.TypeOf<InvalidDataException>().With.Message.StartsWith(_path).And.Message.Contains("compressed element"));
    }

    [Test]
    [Category(TestData.RealData)]
    public void The_file_that_an_audit_found_is_refused() =>
        Assert.That(() => NiqeModel.Load(TestData.Shared("faults", "hostile", "mat-min.mat")), Throws.TypeOf<InvalidDataException>());

    [Test]
    public void A_NumPy_archive_is_read_in_both_orders([Values] bool fortran)
    {
        (double[] mean, double[] covariance) = Numbers();
        using (var archive = new ZipArchive(File.Create(_path), ZipArchiveMode.Create))
        {
            AddArray(archive, "mu_pris_param", "(1, 36)", mean, fortran);
            AddArray(archive, "cov_pris_param", "(36, 36)", covariance, fortran);
        }

        NiqeModel model = NiqeModel.Load(_path);
        Assert.That(model.Covariance.ToArray(), Is.EqualTo(covariance));
        byte[] whole = File.ReadAllBytes(_path);
        for (int length = 0; length < whole.Length; length += 97)
        {
            File.WriteAllBytes(_path, whole[..length]);
            Assert.That(() => NiqeModel.Load(_path), Throws.InstanceOf<InvalidDataException>(), $"{length} bytes");
        }
    }

    [TestCase(35, 36, "mean")]
    [TestCase(36, 35, "covariance")]
    public void Other_sizes_are_refused(int means, int side, string named)
    {
        byte[] file = MatlabFile(("mu_prisparam", 1, means, new double[means]), ("x", 1, 1, [1]), ("cov_prisparam", side, side, new double[side * side]), false);
        File.WriteAllBytes(_path, file);
        Assert.That(() => NiqeModel.Load(_path), Throws.InstanceOf<InvalidDataException>().With.Message.Contains(named));
    }

    private static (double[] Mean, double[] Covariance) Numbers()
    {
        var random = new Gir.Imaging.Random.PhiloxRandom(11);
        double[] mean = [.. Enumerable.Range(0, 36).Select(_ => random.NextGaussian())];
        var covariance = new double[36 * 36];
        for (int i = 0; i < 36; i++)
        {
            for (int j = 0; j <= i; j++)
                covariance[(i * 36) + j] = covariance[(j * 36) + i] = i == j ? 2 + random.NextDouble() : random.NextDouble();
        }

        return (mean, covariance);
    }

    private static byte[] MatlabFile() => MatlabFile(("a", 1, 1, [1]), ("b", 1, 1, [1]), ("c", 1, 1, [1]), compressed: false);

    private static byte[] MatlabFile(
        (string Name, int Rows, int Columns, double[] Values) a,
        (string Name, int Rows, int Columns, double[] Values) b,
        (string Name, int Rows, int Columns, double[] Values) c,
        bool compressed)
    {
        var file = new MemoryStream();
        file.Write(Encoding.ASCII.GetBytes("MATLAB 5.0 MAT-file".PadRight(124)));
        file.Write([0x00, 0x01, (byte)'I', (byte)'M']);
        foreach ((string name, int rows, int columns, double[] values) in new[] { a, b, c })
        {
            var matrix = new MemoryStream();
            using (var writer = new BinaryWriter(matrix, Encoding.ASCII, leaveOpen: true))
            {
                Element(writer, 6, [6, 0, 0, 0, 0, 0, 0, 0]);
                Element(writer, 5, [.. BitConverter.GetBytes(rows), .. BitConverter.GetBytes(columns)]);
                Element(writer, 1, Encoding.ASCII.GetBytes(name));
                // Column by column; the matrices are symmetric or rows.
                Element(writer, 9, [.. values.SelectMany(BitConverter.GetBytes)]);
            }

            var element = new MemoryStream();
            using (var writer = new BinaryWriter(element, Encoding.ASCII, leaveOpen: true))
                Element(writer, 14, matrix.ToArray());
            if (!compressed)
            {
                file.Write(element.ToArray());
                continue;
            }

            var packed = new MemoryStream();
            using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
                zlib.Write(element.ToArray());
            file.Write(BitConverter.GetBytes(15));
            file.Write(BitConverter.GetBytes((int)packed.Length));
            file.Write(packed.ToArray());
        }

        return file.ToArray();
    }

    private static void Element(BinaryWriter writer, int type, byte[] data)
    {
        if (data.Length <= 4)
        {
            writer.Write(type | (data.Length << 16));
            writer.Write(data);
            writer.Write(new byte[4 - data.Length]);
            return;
        }

        writer.Write(type);
        writer.Write(data.Length);
        writer.Write(data);
        writer.Write(new byte[(8 - (data.Length % 8)) % 8]);
    }

    private static void AddArray(ZipArchive archive, string name, string shape, double[] values, bool fortran)
    {
        using Stream stream = archive.CreateEntry(name + ".npy").Open();
        string header = $"{{'descr': '<f8', 'fortran_order': {(fortran ? "True" : "False")}, 'shape': {shape}, }}\n";
        stream.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0]);
        stream.Write(Encoding.ASCII.GetBytes(header));
        foreach (double value in values)
            stream.Write(BitConverter.GetBytes(value));
    }
}
