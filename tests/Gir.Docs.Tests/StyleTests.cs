using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Gir.Docs.Tests;

/// <summary>
/// The rules of .editorconfig that are about form: namespaces of whole files, usings before them, an accessibility on every declaration. The SDK's style analyzers hold
/// them too, and an editor shows what they say; in a build they take as long as the compiler, so the build does without them.
/// </summary>
public sealed class StyleTests
{
    private static readonly string[] s_folders = ["src", "tests", "samples", "benchmarks"];
    private static readonly CSharpParseOptions s_parsing = new(LanguageVersion.Preview);

    [Test]
    public void Every_file_keeps_the_rules_of_form()
    {
        string[] files = [.. s_folders.SelectMany(f => Directory.EnumerateFiles(Path.Combine(TestData.Root, f), "*.cs", SearchOption.AllDirectories)).Where(f => !IsMade(f))];
        Assert.That(files, Has.Length.GreaterThan(500));
        Assert.That(files.AsParallel().SelectMany(f => Faults(Path.GetRelativePath(TestData.Root, f), File.ReadAllText(f))).Order(StringComparer.Ordinal), Is.Empty);
    }

    [TestCase("namespace A { internal class B; }", "x.cs(1): A namespace is that of the whole file.")]
    [TestCase("namespace A;\nusing System;", "x.cs(2): Usings stand before the namespace.")]
    [TestCase("class B;", "x.cs(1): B says who may use it.")]
    [TestCase("public class B\n{\n    int _c;\n}", "x.cs(3): _c says who may use it.")]
    [TestCase("public struct B { static void C() { } }", "x.cs(1): C says who may use it.")]
    [TestCase("public class B { B() { } }", "x.cs(1): B says who may use it.")]
    [TestCase("public record B { int C { get; set; } }", "x.cs(1): C says who may use it.")]
    [TestCase("public static class B { extension(int c) { int D => c; } }", "x.cs(1): D says who may use it.")]
    public void What_breaks_a_rule_is_found(string text, string fault) => Assert.That(Faults("x.cs", text), Is.EqualTo(new[] { fault }));

    [TestCase("namespace A;\npublic class B { static B() { } ~B() { } }")]
    [TestCase("public interface IA { int B { get; } void C(); }")]
    [TestCase("public class B : System.IDisposable { void System.IDisposable.Dispose() { } }")]
    [TestCase("public enum A { B, C }\nfile class D;")]
    [TestCase("public partial class A { private void B() { int C() => 1; C(); } }\npartial class A { partial void D(); }")]
    public void What_needs_no_accessibility_has_none(string text) => Assert.That(Faults("x.cs", text), Is.Empty);

    private static bool IsMade(string file) => file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj");

    private static IEnumerable<string> Faults(string name, string text)
    {
        SyntaxNode root = CSharpSyntaxTree.ParseText(text, s_parsing).GetRoot();
        return root.DescendantNodes(node => node is not (BlockSyntax or ExpressionSyntax)).Select(node => (Node: node, Fault: Fault(node))).Where(f => f.Fault is not null)
            .Select(f => $"{name}({f.Node.GetLocation().GetLineSpan().StartLinePosition.Line + 1}): {f.Fault}");
    }

    private static string? Fault(SyntaxNode node) => node switch
    {
        NamespaceDeclarationSyntax => "A namespace is that of the whole file.",
        UsingDirectiveSyntax { Parent: BaseNamespaceDeclarationSyntax } => "Usings stand before the namespace.",
        MemberDeclarationSyntax member when Name(member) is { } declared && MayBeSilent(member) is false => $"{declared} says who may use it.",
        _ => null,
    };

    private static bool MayBeSilent(MemberDeclarationSyntax member) => member.Parent is InterfaceDeclarationSyntax
        || member.Modifiers.Any(m => m.Kind() is SyntaxKind.PublicKeyword or SyntaxKind.InternalKeyword or SyntaxKind.ProtectedKeyword or SyntaxKind.PrivateKeyword
            or SyntaxKind.FileKeyword or SyntaxKind.PartialKeyword);

    /// <summary>The name of what may say who may use it; null for other members.</summary>
    private static string? Name(MemberDeclarationSyntax member) => member switch
    {
        BaseTypeDeclarationSyntax type when !type.IsKind(SyntaxKind.ExtensionBlockDeclaration) => type.Identifier.Text,
        DelegateDeclarationSyntax declared => declared.Identifier.Text,
        ConstructorDeclarationSyntax constructor when !constructor.Modifiers.Any(SyntaxKind.StaticKeyword) => constructor.Identifier.Text,
        MethodDeclarationSyntax { ExplicitInterfaceSpecifier: null } method => method.Identifier.Text,
        PropertyDeclarationSyntax { ExplicitInterfaceSpecifier: null } property => property.Identifier.Text,
        IndexerDeclarationSyntax { ExplicitInterfaceSpecifier: null } => "this",
        EventDeclarationSyntax { ExplicitInterfaceSpecifier: null } declared => declared.Identifier.Text,
        BaseFieldDeclarationSyntax field => field.Declaration.Variables[0].Identifier.Text,
        OperatorDeclarationSyntax { ExplicitInterfaceSpecifier: null } declared => declared.OperatorToken.Text,
        ConversionOperatorDeclarationSyntax { ExplicitInterfaceSpecifier: null } declared => declared.Type.ToString(),
        _ => null,
    };
}
