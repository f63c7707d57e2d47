using System.Reflection;
using Gir.Imaging;
using Gir.Imaging.Codecs;
using Gir.Imaging.Scenes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace Gir.Docs.Tests;

/// <summary>
/// Every C# block of every page is a whole program, and runs, also a second time. It finds clean.png and bad.png, of 96 x 64 pixels, in its folder. A block whose fence says
/// "csharp compiled" is compiled alone: it waits for requests, takes long, or needs files that are not here. Those of optional packages, "csharp optional" on other
/// pages, are compiled by Gir.Docs.Optional.Tests, which refers to these packages.
/// </summary>
[NonParallelizable]
public sealed class SnippetTests
{
    private const string GlobalUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly Lazy<MetadataReference[]> s_references = new(() =>
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(p => MetadataReference.CreateFromFile(p))]);

#if OPTIONAL
    private const bool Optional = true;
#else
    private const bool Optional = false;
#endif

    private static IEnumerable<Block> Programs => Pages.All.SelectMany(Pages.Blocks)
        .Where(b => b.Info.Split(' ')[0] is "csharp" or "cs" or "c#")
        .Where(b => (b.Info.EndsWith(" optional", StringComparison.Ordinal) || Pages.OfOptionalPackages.Contains(b.Page)) == Optional);

    [Test]
    public void There_are_snippets() => Assert.That(Programs.Count(), Is.GreaterThanOrEqualTo(Optional ? 1 : 8));

    [TestCaseSource(nameof(Programs))]
    public void A_snippet_compiles_and_runs(object snippet)
    {
        var block = (Block)snippet;
        Assembly program = Compile(block);
        if (Optional || block.Info.EndsWith(" compiled", StringComparison.Ordinal))
            return;
        using var folder = new TemporaryFolder();
        ImageBuffer scene = SceneGenerator.Create(1, 64, 96).Image;
        ImageFile.Save(folder["clean.png"], scene);
        ImageFile.Save(folder["bad.png"], scene);
        (string before, TextWriter console) = (Environment.CurrentDirectory, Console.Out);
        using var output = new StringWriter();
        try
        {
            Environment.CurrentDirectory = folder.Root;
            Console.SetOut(output);
            MethodInfo main = program.EntryPoint!;
            // Twice, as everybody does: what the first run left must not stop the second.
            for (int run = 0; run < 2; run++)
            {
                object? result = main.Invoke(null, main.GetParameters().Length == 0 ? null : [Array.Empty<string>()]);
                Assert.That(result ?? 0, Is.Zero, output.ToString());
            }
        }
        finally
        {
            Console.SetOut(console);
            Environment.CurrentDirectory = before;
        }

        TestContext.Out.WriteLine(output);
    }

    private static Assembly Compile(Block block)
    {
        var parsing = new CSharpParseOptions(LanguageVersion.Latest);
        var options = new CSharpCompilationOptions(
            OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable, optimizationLevel: OptimizationLevel.Release);
        CSharpCompilation compilation = CSharpCompilation.Create(
            $"Snippet_{Path.GetFileNameWithoutExtension(block.Page)}_{block.Line}",
            [CSharpSyntaxTree.ParseText(GlobalUsings, parsing), CSharpSyntaxTree.ParseText(block.Text, parsing)],
            s_references.Value,
            options);
        using var image = new MemoryStream();
        EmitResult result = compilation.Emit(image);
        IEnumerable<string> found = result.Diagnostics.Where(d => d.Severity >= DiagnosticSeverity.Warning)
            .Select(d => $"{block.Page}({block.Line + 1 + d.Location.GetLineSpan().StartLinePosition.Line}): {d.Id} {d.GetMessage(System.Globalization.CultureInfo.InvariantCulture)}");
        Assert.That(found, Is.Empty, "A snippet is a whole program, with its usings.");
        return Assembly.Load(image.ToArray());
    }
}
