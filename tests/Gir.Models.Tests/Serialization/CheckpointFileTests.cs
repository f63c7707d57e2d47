using Gir.Models.Serialization;
using Gir.Models.Tensors;

namespace Gir.Models.Tests.Serialization;

/// <summary>Every checkpoint file of the goldens behaves as its manifest says.</summary>
public sealed class CheckpointFileTests
{
    // A refusal may cost a few copies of the file and the runtime's own bookkeeping, never what a file claims (gigabytes).
    private const long RefusalBytes = 4 << 20;

    public static IEnumerable<CheckpointFile> Loading => CheckpointFiles.All.Where(f => f.MustLoad);

    public static IEnumerable<CheckpointFile> Refused => CheckpointFiles.All.Where(f => !f.MustLoad && f.Scope != "model");

    public static IEnumerable<CheckpointFile> Misfits => CheckpointFiles.All.Where(f => f.Scope == "model");

    [Test]
    public void The_manifest_has_38_files_to_load_and_63_to_refuse() =>
        Assert.That((Loading.Count(), Refused.Count() + Misfits.Count()), Is.EqualTo((38, 63)));

    [TestCaseSource(nameof(Loading))]
    public void A_good_file_loads_with_the_reference_values(CheckpointFile file)
    {
        IReadOnlyDictionary<string, Tensor> state = Checkpoint.Load(file.Path).StateDictionary();
        if (file.Name == "synthetic_ok.pth")
        {
            Assert.That(state.Keys, Is.EqualTo(new[] { "conv1.weight" }));
            Assert.That(state["conv1.weight"].Shape.ToString(), Is.EqualTo("[2, 3]"));
            Assert.That(state["conv1.weight"].ToArray(), Is.EqualTo(new float[] { 2, 3, 4, 5, 6, 7 }));
            return;
        }

        string[] keys = [.. CheckpointFiles.Reference.Names.Select(n => file.Name == "st_path_key.safetensors" && n == "conv1.weight" ? "../../" + n : n)];
        Assert.That(state.Keys.Where(k => !k.StartsWith("extra.", StringComparison.Ordinal)), Is.EquivalentTo(keys));
        foreach (string key in keys)
        {
            string original = key.Replace("../", "", StringComparison.Ordinal);
            float[] expected = Array.ConvertAll(CheckpointFiles.Reference.Floats(original), v => Rounded(v, file.Compare));
            if (file.Name == "nan_inf.pth" && key == "conv3.bias")
                expected = [float.NaN, 0, float.PositiveInfinity];
            Assert.That(state[key].Shape.Sizes.ToArray(), Is.EqualTo(CheckpointFiles.Reference.Shape(original)), key);
            Assert.That(state[key].ToArray(), Is.EqualTo(expected), key);
        }
    }

    [TestCaseSource(nameof(Refused))]
    public void A_bad_file_is_refused_by_name_without_memory_for_its_claims(CheckpointFile file)
    {
        // The first refusal also pays for what the runtime compiles and caches.
        Assert.That(() => Checkpoint.Load(file.Path), Throws.TypeOf<CheckpointFormatException>());
        long before = GC.GetAllocatedBytesForCurrentThread();
        CheckpointFormatException refusal = Assert.Throws<CheckpointFormatException>(() => Checkpoint.Load(file.Path))!;
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.That(refusal.Message, Does.Contain(file.Path));
        Assert.That(refusal.Reason, Is.Not.Empty);
        Assert.That(allocated, Is.LessThan(RefusalBytes));
    }

    [TestCaseSource(nameof(Misfits))]
    public void A_file_of_another_network_is_refused_by_the_network(CheckpointFile file)
    {
        IReadOnlyDictionary<string, Tensor> state = Checkpoint.Load(file.Path).StateDictionary();
        string culprit = file.Name switch
        {
            "missing_key.pth" => "missing (conv2.bias)",
            "unexpected_key.pth" => "unexpected (conv4.weight)",
            _ => "conv2.weight is [4, 7, 1, 1], expected [4, 6, 1, 1]",
        };
        Assert.That(() => new TinySrcnn().LoadState(state), Throws.ArgumentException.With.Message.Contains(culprit));
    }

    [Test]
    public void The_reference_fits_the_network() =>
        Assert.That(() => new TinySrcnn().LoadState(Checkpoint.Load(TestData.Golden("models", "files", "plain.pth")).StateDictionary()), Throws.Nothing);

    [TestCase("hostile_reduce_system.pth", "posix.system")]
    [TestCase("hostile_global_posix.pth", "posix.system")]
    [TestCase("hostile_stack_global.pth", "builtins.eval")]
    [TestCase("hostile_getattr.pth", "builtins.getattr")]
    [TestCase("hostile_legacy_reduce.pth", "posix.system")]
    [TestCase("hostile_unknown_storage.pth", "torch.EvilStorage")]
    [TestCase("lfs_pointer.pth", "git lfs pull")]
    [TestCase("no_tensors.pth", "holds no state dict")]
    [TestCase("corrupt_crc.pth", "CRC-32")]
    [TestCase("hostile_truncated_end.pth", "end of central directory")]
    [TestCase("hostile_storage_expand.pth", "[60000, 60000]: more elements than fit")]
    [TestCase("hostile_storage_short.pth", "more elements than its storage (12)")]
    [TestCase("hostile_storage_numel_lies.pth", "is said to have")]
    [TestCase("hostile_zip_bomb_64mb.pth", "at most 32 times")]
    [TestCase("hostile_key_traversal.pth", "etc/passwd")]
    [TestCase("st_overlap.safetensors", "neither overlap nor leave holes")]
    [TestCase("st_hole.safetensors", "belong to no tensor")]
    [TestCase("st_duplicate_key.safetensors", "appears twice")]
    [TestCase("st_deep_json.safetensors", "not an object")]
    public void A_refusal_says_what_is_wrong(string name, string words) =>
        Assert.That(() => Checkpoint.Load(TestData.Golden("models", "files", name)), Throws.TypeOf<CheckpointFormatException>().With.Message.Contains(words));

    [Test]
    public void Another_wrapper_can_be_asked_for()
    {
        var checkpoint = Checkpoint.Load(TestData.Golden("models", "files", "params_ema.pth"));
        float[] expected = Array.ConvertAll(CheckpointFiles.Reference.Floats("conv1.weight"), v => v * 0.5f);
        Assert.That(checkpoint.StateDictionary("params")["conv1.weight"].ToArray(), Is.EqualTo(expected));
        Assert.That(checkpoint.Tensors.Keys, Has.Member("params_ema/conv1.weight").And.Member("params/conv1.weight"));
        Assert.That(() => checkpoint.StateDictionary("ema"), Throws.TypeOf<CheckpointFormatException>().With.Message.Contains("'params', 'params_ema'"));
    }

    [Test]
    public void Tensors_of_every_type_are_read()
    {
        IReadOnlyDictionary<string, CheckpointTensor> tensors = Checkpoint.Load(TestData.Golden("models", "files", "many_dtypes.pth")).Tensors;
        (string Key, CheckpointDataType Type, string Shape, float[] Values)[] expected =
        [
            ("extra.counter", CheckpointDataType.Int64, "[]", [5]),
            ("extra.mask", CheckpointDataType.Boolean, "[3]", [1, 0, 1]),
            ("extra.empty", CheckpointDataType.Float32, "[0, 3]", []),
            ("extra.scalar", CheckpointDataType.Float32, "[]", [2.5f]),
            ("extra.bytes", CheckpointDataType.UInt8, "[5]", [0, 1, 2, 3, 4]),
            ("extra.int32", CheckpointDataType.Int32, "[4]", [0, 1, 2, 3]),
            ("extra.int16", CheckpointDataType.Int16, "[4]", [0, 1, 2, 3]),
            ("extra.int8", CheckpointDataType.Int8, "[2]", [-1, 2]),
        ];
        foreach ((string key, CheckpointDataType type, string shape, float[] values) in expected)
        {
            Assert.That((tensors[key].Type, tensors[key].Shape.ToString()), Is.EqualTo((type, shape)), key);
            Assert.That(tensors[key].ToArray(), Is.EqualTo(values), key);
        }
    }

    [Test]
    public void Metadata_holds_the_texts_of_the_file()
    {
        Assert.That(Checkpoint.Load(TestData.Golden("models", "files", "reference.safetensors")).Metadata, Is.EqualTo(CheckpointFiles.Reference.Metadata));
        IReadOnlyDictionary<string, string> scalars = Checkpoint.Load(TestData.Golden("models", "files", "state_dict_module.pth")).Metadata;
        Assert.That(scalars, Is.EqualTo(new Dictionary<string, string> { ["epoch"] = "7", ["arch"] = "srcnn" }));
    }

    [Test]
    public void A_missing_file_and_a_folder_are_said_to_be_so()
    {
        Assert.That(() => Checkpoint.Load("no-such.pth"), Throws.TypeOf<FileNotFoundException>().With.Message.Contains("no-such.pth"));
        Assert.That(() => Checkpoint.Load(TestData.Golden("models")), Throws.TypeOf<IOException>().With.Message.Contains("directory"));
    }

    private static float Rounded(float value, string compare)
    {
        if (compare.Contains("bfloat16", StringComparison.Ordinal))
        {
            uint bits = BitConverter.SingleToUInt32Bits(value);
            return BitConverter.UInt32BitsToSingle((bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000);
        }

        return compare.Contains("float16", StringComparison.Ordinal) ? (float)(Half)value : value;
    }
}
