using System.Reflection;
using System.Runtime.Loader;
using Gir.Evaluation.Execution;
using Gir.Models.Restoration;

namespace Gir.Cli.Shell;

/// <summary>Packages with native parts or many of them: not part of the tool, but found beside it (docs/decisions/0006).</summary>
internal static class OptionalPackages
{
    /// <summary>The package that reads ONNX files.</summary>
    public const string Onnx = "Gir.Models.OnnxRuntime";

    /// <summary>The package that spreads evaluations over machines.</summary>
    public const string Orleans = "Gir.Evaluation.Orleans";

    private const string OrleansCluster = Orleans + ".OrleansCluster";
    private const string OnnxExtension = ".onnx";
    private const string OnnxFormat = Onnx + ".OnnxRestorerFormat";

    private static readonly Lock s_gate = new();
    private static bool s_hasOnnx;
    private static IBenchmarkCluster? s_cluster;

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
            catch (Exception e) when (DoesNotFit(e))
            {
                throw Unfit($"{option} {path}", Onnx, e);
            }
        }
    }

    /// <summary>What spreads evaluations over machines.</summary>
    /// <exception cref="UsageException">The package is not there, or does not load.</exception>
    public static IBenchmarkCluster Cluster(string address)
    {
        lock (s_gate)
        {
            if (s_cluster is not null)
                return s_cluster;
            try
            {
                Assembly package = Load(Orleans);
                // The package's own parts are loaded by name, some of them by parts that ask for no assembly in particular.
                AssemblyLoadContext.Default.Resolving += static (context, name) =>
                {
                    string path = Path.Combine(Folder, name.Name + ".dll");
                    return File.Exists(path) ? context.LoadFromAssemblyPath(path) : null;
                };
                return s_cluster = (IBenchmarkCluster)Activator.CreateInstance(package.GetType(OrleansCluster, throwOnError: true)!)!;
            }
            catch (FileNotFoundException)
            {
                throw new UsageException(
                    $"--cluster {address}: the tool comes without Orleans; put {Orleans}.dll and what belongs to it into '{Folder}' (docs/scale-out.md tells how).");
            }
            catch (Exception e) when (DoesNotFit(e))
            {
                throw Unfit($"--cluster {address}", Orleans, e);
            }
        }
    }

    private static bool DoesNotFit(Exception e) =>
        e is FileLoadException or BadImageFormatException or TypeLoadException or MissingMethodException or InvalidCastException or TargetInvocationException;

    private static UsageException Unfit(string asked, string package, Exception e) =>
        new($"{asked}: '{Path.Combine(Folder, package + ".dll")}' does not load into this tool ({Failures.OneLine(e.Message)}); expected the version that belongs to it.");
}
