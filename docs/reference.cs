#:project ../src/Gir.Degradations/Gir.Degradations.csproj
#:project ../src/Gir.Metrics/Gir.Metrics.csproj
#:project ../src/Gir.Models/Gir.Models.csproj
#:property PublishAot=false
// Makes the reference: a page for every degradation, metric and network, from the catalogs and from what docs/fragments says beside them, the list at the end of
// docs/degradations.md and docs/metrics.md, and the pictures of docs/images/degradations. The same input gives the same files.
// Run from the repository's root: dotnet run -c Release docs/reference.cs [OUTPUT [DOCS]]
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Gir.Degradations;
using Gir.Imaging;
using Gir.Imaging.Codecs;
using Gir.Imaging.Scenes;
using Gir.Metrics;
using Gir.Models.Nn;
using Gir.Models.Tensors;
using Gir.Models.Zoo;

const string Marker = "<!-- From here on the page is made by docs/reference.cs. -->\n";
string output = args.Length > 0 ? args[0] : "docs";
string docs = args.Length > 1 ? args[1] : "docs";
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
Dictionary<string, Fragment> fragments = Directory.GetFiles(Path.Combine(docs, "fragments"), "*.md").Order(StringComparer.Ordinal)
    .ToDictionary(f => Path.GetFileNameWithoutExtension(f), Fragment.Read);

WriteDegradations();
WriteMetrics();
WriteNetworks();
if (fragments.Values.Where(f => !f.IsUsed).Select(f => f.Name).ToArray() is { Length: > 0 } unused)
    throw new InvalidOperationException($"docs/fragments: no catalog knows {string.Join(", ", unused)}.");
return;

void WriteDegradations()
{
    Scene scene = SceneGenerator.Create(4, 128, 160);
    var list = new StringBuilder("\n| operator | does |\n|---|---|\n");
    foreach (DegradationDescriptor descriptor in DegradationCatalog.All)
    {
        Fragment fragment = Of(descriptor.Name, "degradation");
        string summary = descriptor.Summary + (descriptor.IsWeather ? " Weather: it may stand only first." : "") + (descriptor.UsesDepth ? " It reads depth." : "");
        list.Append($"| [`{descriptor.Name}`](degradations/{descriptor.Name}.md) | {summary} |\n");

        string[] shown = [.. fragment.Values("show")];
        var cells = new List<ImageBuffer> { scene.Image };
        cells.AddRange(shown.Select(e => DegradationPipeline.Parse(e).Degrade(scene.Image, 4, "scene", scene.Depth)));
        Save(Path.Combine("images", "degradations", descriptor.Name + ".jpg"), SideBySide(cells));

        var page = new StringBuilder();
        page.Append($"# {descriptor.Name}\n\n{summary}\n\n![{descriptor.Name}](../images/degradations/{descriptor.Name}.jpg)\n\n");
        page.Append($"*A scene, and what is made of it by {string.Join(", ", shown.Select(e => $"`{e}`"))}.*\n\n{fragment.Text}\n");
        page.Append("## Parameters\n\n| parameter | default | values | meaning |\n|---|---|---|---|\n");
        foreach (DegradationParameter parameter in descriptor.Parameters)
            page.Append($"| `{parameter.Name}` | {parameter.Default} | {parameter.Expected} | {parameter.Summary} |\n");
        page.Append("\nDefaults are the benchmark's representative values. From which ranges random tasks draw: [degradations](../degradations.md).\n");
        string depth = descriptor.UsesDepth ? ", estimator: new HeuristicDepthEstimator()" : "";
        page.Append($"""

            ## Example

            ```
            gir degrade --input clean.png --output bad --pipeline "{shown[^1]}"
            ```

            ```csharp
            using Gir.Degradations;{(descriptor.UsesDepth ? "\nusing Gir.Degradations.Depth;" : "")}
            using Gir.Imaging.Codecs;

            var pipeline = DegradationPipeline.Parse("{shown[^1]}");
            DegradationResult result = pipeline.Apply(ImageFile.Load("clean.png"), seed: 1, imageKey: "clean"{depth});
            ImageFile.Save("degraded.png", result.Image, overwrite: true);
            Console.WriteLine(result.Record.ToJson());   // rebuilds every pixel
            ```

            """.ReplaceLineEndings("\n"));
        Write(Path.Combine("degradations", descriptor.Name + ".md"), page.ToString());
    }

    WriteEnd("degradations.md", list.ToString());
}

void WriteMetrics()
{
    ImageBuffer clean = SceneGenerator.Create(4, 192, 192).Image.Quantized();
    (string Words, ImageBuffer Reference, ImageBuffer Image)[] pairs =
    [
        ("the scene itself", clean, clean),
        .. new[] { "blur(size=7, sigma=0.8)", "blur", "noise(sigma=5)", "noise", "compression(quality=90)", "compression(quality=10)", "resize" }
            .Select(e => ($"`{e}`", clean, DegradationPipeline.Parse(e).Degrade(clean, 4, "scene"))),
        ("every sample 129 instead of 128", Flat(128), Flat(129)),
        ("white instead of black", Flat(0), Flat(255)),
    ];
    MetricCatalog[] profiles = [new(MetricProfile.Default), new(MetricProfile.SuperResolution(4)), new(MetricProfile.BasicSr), new(MetricProfile.PyIqa)];
    // What one of the profiles alone has comes last.
    foreach (string name in profiles.SelectMany(p => p.FullReference.Select(m => m.Name)).Distinct())
        WriteMetric(name, "an image and its reference", "FindFullReference(\"" + name + "\").Measure(clean, bad)",
            p => p.FullReference.FirstOrDefault(m => m.Name == name) is { } m ? new Measured((x, y) => m.Measure(x, y), m.WhyUnfit) : null);
    foreach (string name in profiles[0].NoReference.Select(m => m.Name))
        WriteMetric(name, "an image alone", "FindNoReference(\"" + name + "\").Measure(bad)",
            p => p.NoReference.FirstOrDefault(m => m.Name == name) is { } m ? new Measured((_, y) => m.Measure(y), m.WhyUnfit) : null);
    var list = new StringBuilder("\n| metric | is |\n|---|---|\n");
    foreach (Fragment fragment in fragments.Values.Where(f => f.Kind == "metric"))
    {
        list.Append($"| [`{fragment.Name}`](metrics/{fragment.Name}.md) | {fragment.Values("is").Single()} |\n");
        // Metrics of a model that the user brings stand in no catalog: their pages are what the fragment says.
        if (!fragment.IsUsed)
            Write(Path.Combine("metrics", fragment.Name + ".md"), $"# {fragment.Name}\n\n{Of(fragment.Name, "metric").Text}");
    }

    WriteEnd("metrics.md", list.ToString());

    void WriteMetric(string name, string of, string call, Func<MetricCatalog, Measured?> find)
    {
        Fragment fragment = Of(name, "metric");
        MetricCatalog catalog = profiles.First(p => find(p) is not null);
        Measured metric = find(catalog)!;
        MetricScore best = metric.Measure(clean, clean);
        int side = Enumerable.Range(1, 192).First(s => metric.WhyUnfit(3, s, s) is null);
        string channels = string.Join(", ", new[] { (1, "gray"), (3, "RGB"), (4, "any other number of channels") }.Where(c => metric.WhyUnfit(c.Item1, 192, 192) is null).Select(c => c.Item2));
        var page = new StringBuilder($"# {name}\n\n{fragment.Text}\n");
        page.Append($"## At a glance\n\n| | |\n|---|---|\n| measures | {of} |\n| direction | {(best.ZeroIsBest ? "0 is best" : best.HigherIsBetter ? "higher is better" : "lower is better")} |\n");
        page.Append($"| smallest image | {side} x {side} pixels |\n| channels | {channels} |\n\n## Conventions\n\n| profile | what is computed |\n|---|---|\n");
        foreach (MetricCatalog profile in profiles)
            page.Append($"| `{profile.Profile.Name}`{(profile.Profile.Crop > 0 ? " (scale 4)" : "")} | {(find(profile) is { } m ? m.Measure(clean, clean).Convention : "none of this name")} |\n");
        page.Append($"\n## What it gives\n\nUnder the profile `{catalog.Profile.Name}`; a scene of 192 x 192 pixels, and images of one gray.\n\n| image | score |\n|---|---:|\n");
        foreach ((string words, ImageBuffer reference, ImageBuffer image) in pairs)
            page.Append($"| {words} | {Number(metric.Measure(reference, image).Value)} |\n");
        page.Append($"""

            ## Example

            ```
            gir score --image bad.png --reference clean.png --metrics {name}{(catalog.Profile.Name == "default" ? "" : $" --profile {catalog.Profile.Name}")}
            ```

            ```csharp
            using Gir.Degradations;
            using Gir.Imaging;
            using Gir.Imaging.Scenes;
            using Gir.Metrics;

            ImageBuffer clean = SceneGenerator.Create(seed: 4, height: 192, width: 192).Image;
            ImageBuffer bad = DegradationPipeline.Parse("noise").Degrade(clean, seed: 1);
            MetricScore score = new MetricCatalog({(catalog.Profile.Name == "default" ? "" : "MetricProfile.PyIqa")}).{call};
            Console.WriteLine($"{"{score.Value:F4} ({score.Convention})"}");
            ```

            """.ReplaceLineEndings("\n"));
        Write(Path.Combine("metrics", name + ".md"), page.ToString());
    }
}

void WriteNetworks()
{
    foreach (string name in ModelZoo.Names)
    {
        string slug = name.ToLowerInvariant();
        Fragment fragment = Of(slug, "network");
        // Its shapes are asked for, not its weights.
        using IDisposable undrawn = Initializer.ForLoading(long.MaxValue);
        RestorationNetwork network = ModelZoo.CreateNetwork(name);
        KeyValuePair<string, Tensor>[] state = [.. network.Module.StateDictionary()];
        long parameters = network.Module.ParameterCount();
        var page = new StringBuilder($"# {name}\n\n{fragment.Text}\n## As published\n\n| | |\n|---|---|\n");
        page.Append($"| parameters | {parameters:N0} |\n| tensors in a checkpoint | {state.Length:N0}, of {state.Sum(e => (long)e.Value.Length):N0} numbers |\n");
        page.Append($"| image | {network.InputChannels} channels in, {network.OutputChannels} out, scale {network.Scale}, white is {network.Range}{(network.TakesNoiseMap ? ", one more channel for the noise level" : "")} |\n");
        page.Append($"| sizes | {Sizes(network.Size)} |\n| tiles | {network.Tiling.ToString().ToLowerInvariant()}, {network.TileOverlap} pixels shared |\n| deepest layer | {(network.DeepLayer.Length > 0 ? $"`{network.DeepLayer}`" : "the last part")} |\n");
        page.Append("\n## Hyper-parameters\n\nBy the official constructor's names, with the published values; what a checkpoint's shapes say is read from there.\n\n| name | value |\n|---|---|\n");
        foreach (Match match in Regex.Matches(network.Configuration, @"(\w+)=(\[[^\]]*\]|[^,]*)").Cast<Match>())
            page.Append($"| `{match.Groups[1].Value}` | {(match.Groups[2].Value.Length > 0 ? match.Groups[2].Value : "(empty)")} |\n");
        page.Append("\n## Keys of a checkpoint\n\nN stands for a number. The sizes are those of the first, and the rank is that of all.\n\n| keys | tensors | the first | its sizes |\n|---|---:|---|---|\n");
        foreach (IGrouping<string, KeyValuePair<string, Tensor>> group in state.GroupBy(e => Regex.Replace(e.Key, "[0-9]+", "N") + "|" + e.Value.Shape.Rank))
            page.Append($"| `{group.Key.Split('|')[0]}` | {group.Count()} | `{group.First().Key}` | {string.Join(" x ", group.First().Value.Shape.Sizes.ToArray().DefaultIfEmpty(1))} |\n");
        page.Append($"""

            ## Example

            ```
            gir restore --input bad.png --output good.png --model {slug}.pth
            ```

            ```csharp compiled
            using Gir.Imaging.Codecs;
            using Gir.Models.Restoration;
            using Gir.Models.Zoo;

            NetworkRestorer restorer = ModelZoo.Load("{slug}.pth");   // recognized by its keys
            ImageFile.Save("good.png", restorer.Restore(ImageFile.Load("bad.png")), overwrite: true);
            ```

            More about sizes, tiles, memory and what shapes do not say: [networks](../models.md).

            """.ReplaceLineEndings("\n"));
        Write(Path.Combine("networks", slug + ".md"), page.ToString());
    }
}

Fragment Of(string name, string kind)
{
    if (!fragments.TryGetValue(name, out Fragment? fragment) || fragment.Kind != kind)
        throw new InvalidOperationException($"docs/fragments/{name}.md: expected a fragment of kind {kind}, which tells what the catalog cannot.");
    fragment.IsUsed = true;
    return fragment;
}

string Sizes(InputSize size)
{
    string words = size.Multiple > 1 ? $"multiples of {size.Multiple}, filled up by {(size.Padding == TensorPadMode.Reflect ? "reflection" : size.Padding.ToString().ToLowerInvariant())}" : "any";
    if (size.SquareMultiple > 0)
        words += $", filled up to squares of multiples of {size.SquareMultiple}";
    return words + (size.Minimum > 1 ? $", at least {size.Minimum}" : "");
}

static string Number(double value) => value switch
{
    double.PositiveInfinity => "infinite",
    double.NaN => "not a number",
    _ when Math.Abs(value) < 5e-5 => "0",
    _ => value.ToString("0.####", CultureInfo.InvariantCulture),
};

static ImageBuffer Flat(int level)
{
    var image = new ImageBuffer(3, 192, 192);
    image.Samples.Fill(level / 255f);
    return image;
}

static ImageBuffer SideBySide(IReadOnlyList<ImageBuffer> cells)
{
    const int Gap = 4;
    (int height, int width) = (cells[0].Height, cells[0].Width);
    var sheet = new ImageBuffer(3, height, (cells.Count * (width + Gap)) - Gap);
    sheet.Samples.Fill(1);
    for (int i = 0; i < cells.Count; i++)
    {
        for (int c = 0; c < 3; c++)
        {
            for (int y = 0; y < height; y++)
                cells[i].Row(c, y).CopyTo(sheet.Row(c, y)[(i * (width + Gap))..]);
        }
    }

    return sheet;
}

void Save(string file, ImageBuffer image)
{
    string path = Path.Combine(output, file);
    Directory.CreateDirectory(Path.GetDirectoryName(path)!);
    ImageFile.Save(path, image, new JpegEncodeOptions(80), overwrite: true);
}

void Write(string file, string text)
{
    string path = Path.Combine(output, file);
    Directory.CreateDirectory(Path.GetDirectoryName(path)!);
    File.WriteAllText(path, text);
}

void WriteEnd(string file, string end)
{
    string text = File.ReadAllText(Path.Combine(docs, file)).ReplaceLineEndings("\n");
    int start = text.IndexOf(Marker, StringComparison.Ordinal);
    if (start < 0)
        throw new InvalidOperationException($"{docs}/{file} has lost the line where its list begins: {Marker}");
    Write(file, text[..start] + Marker + end);
}

/// <summary>A metric of one profile.</summary>
internal sealed record Measured(Func<ImageBuffer, ImageBuffer, MetricScore> Measure, Func<int, int, int, string?> WhyUnfit);

/// <summary>What a catalog cannot tell: a head of "name: value" lines between two lines of "---", then Markdown.</summary>
internal sealed record Fragment(string Name, ILookup<string, string> Head, string Text)
{
    public bool IsUsed { get; set; }

    public string Kind => Head["kind"].Single();

    public IEnumerable<string> Values(string key) => Head[key];

    public static Fragment Read(string path)
    {
        string[] parts = File.ReadAllText(path).ReplaceLineEndings("\n").Split("---\n", 3);
        if (parts.Length != 3 || parts[0].Length > 0)
            throw new InvalidOperationException($"{path}: expected a head between two lines of ---.");
        ILookup<string, string> head = parts[1].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(": ", 2)).ToLookup(l => l[0], l => l[1]);
        return new Fragment(Path.GetFileNameWithoutExtension(path), head, parts[2].TrimStart('\n'));
    }
}
