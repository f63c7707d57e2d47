using System.Globalization;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace Gir.Docs.Tests;

/// <summary>Programs in one file: blocks of pages, and those of docs that `dotnet run` takes.</summary>
internal static class ProgramFile
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

    /// <summary>Compiles a file that `dotnet run FILE` runs; its directives, which name projects, are passed over: this project refers to them.</summary>
    public static Assembly Compile(string path)
    {
        string[] lines = File.ReadAllLines(path);
        int directives = lines.TakeWhile(l => l.StartsWith("#:", StringComparison.Ordinal)).Count();
        return Compile(Path.GetFileName(path), directives, string.Join('\n', lines[directives..]));
    }

    /// <summary>Compiles a whole program; the test fails for an error and for a warning.</summary>
    /// <param name="name">The file that it stands in.</param>
    /// <param name="line">The line before its first one, from 1.</param>
    /// <param name="text">The program, with its usings.</param>
    public static Assembly Compile(string name, int line, string text)
    {
        var parsing = new CSharpParseOptions(LanguageVersion.Latest);
        var options = new CSharpCompilationOptions(
            OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable, optimizationLevel: OptimizationLevel.Release);
        CSharpCompilation compilation = CSharpCompilation.Create(
            $"Snippet_{Path.GetFileNameWithoutExtension(name)}_{line}",
            [CSharpSyntaxTree.ParseText(GlobalUsings, parsing), CSharpSyntaxTree.ParseText(text, parsing)],
            s_references.Value,
            options);
        using var image = new MemoryStream();
        EmitResult result = compilation.Emit(image);
        IEnumerable<string> found = result.Diagnostics.Where(d => d.Severity >= DiagnosticSeverity.Warning)
            .Select(d => $"{name}({line + 1 + d.Location.GetLineSpan().StartLinePosition.Line}): {d.Id} {d.GetMessage(CultureInfo.InvariantCulture)}");
        Assert.That(found, Is.Empty, "A snippet is a whole program, with its usings.");
        return Assembly.Load(image.ToArray());
    }
}
