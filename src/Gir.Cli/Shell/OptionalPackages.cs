using System.Reflection;
using Gir.Models.Restoration;

namespace Gir.Cli.Shell;

/// <summary>Packages with native parts: not part of the tool, but found beside it (docs/decisions/0006).</summary>
internal static class OptionalPackages
{
    /// <summary>The package that reads ONNX files.</summary>
    public const string Onnx = "Gir.Models.OnnxRuntime";

    private const string OnnxExtension = ".onnx";
    private const string OnnxFormat = Onnx + ".OnnxRestorerFormat";

    private static readonly Lock s_gate = new();
    private static bool s_hasOnnx;

    /// <summary>The only folder where packages are looked for.</summary>
    public static string Folder => AppContext.BaseDirectory;

    /// <summary>Whether a file needs a package, by its name.</summary>
    public static bool IsOnnx(string path) => Path.GetExtension(path).Equals(OnnxExtension, StringComparison.OrdinalIgnoreCase);

    /// <summary>Loads a package from the tool's folder.</summary>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    public static Assembly Load(string package)
    {
        string path = Path.Combine(Folder, package + ".dll");
        return File.Exists(path) ? Assembly.LoadFrom(path) : throw new FileNotFoundException($"There is no '{path}'.", path);
    }

    /// <summary>Makes ONNX files known to <see cref="Restorers.Create"/>.</summary>
    /// <exception cref="UsageException">The package is not there, or does not load.</exception>
    public static void AddOnnx(string option, string path)
    {
        lock (s_gate)
        {
            if (s_hasOnnx)
                return;
            try
            {
                Restorers.Add((IRestorerFormat)Activator.CreateInstance(Load(Onnx).GetType(OnnxFormat, throwOnError: true)!)!);
                s_hasOnnx = true;
            }
            catch (FileNotFoundException)
            {
                throw new UsageException(
                    $"{option} {path}: this is an ONNX model, and the tool comes without ONNX Runtime; put {Onnx}.dll, Microsoft.ML.OnnxRuntime.dll and the native onnxruntime library into '{Folder}' (docs/onnx.md tells how).");
            }
            catch (Exception e) when (e is FileLoadException or BadImageFormatException or TypeLoadException or MissingMethodException or InvalidCastException or TargetInvocationException)
            {
                throw new UsageException($"{option} {path}: '{Path.Combine(Folder, Onnx + ".dll")}' does not load into this tool ({Failures.OneLine(e.Message)}); expected the version that belongs to it.");
            }
        }
    }
}
