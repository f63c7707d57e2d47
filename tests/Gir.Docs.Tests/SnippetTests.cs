using System.Reflection;
using Gir.Imaging;
using Gir.Imaging.Codecs;
using Gir.Imaging.Scenes;

namespace Gir.Docs.Tests;

/// <summary>
/// Every C# block of every page is a whole program, and runs, also a second time. It finds clean.png and bad.png, of 96 x 64 pixels, in its folder. A block whose fence says
/// "csharp compiled" is compiled alone: it waits for requests, takes long, or needs files that are not here. Those of optional packages, "csharp optional" on other
/// pages, are compiled by Gir.Docs.Optional.Tests, which refers to these packages.
/// </summary>
[NonParallelizable]
public sealed class SnippetTests
{
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
        Assembly program = ProgramFile.Compile(block.Page, block.Line, block.Text);
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
}
