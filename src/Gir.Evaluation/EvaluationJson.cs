using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gir.Evaluation.Generality;
using Gir.Evaluation.Lines;
using Gir.Evaluation.Recipes;
using Gir.Evaluation.Results;
using Gir.Evaluation.TestSets;

namespace Gir.Evaluation;

/// <summary>How the package writes JSON: camel case, "Infinity" for an infinite PSNR, line feeds on every platform.</summary>
internal static class EvaluationJson
{
    /// <summary>One line.</summary>
    public static EvaluationJsonContext Compact { get; } = With(writeIndented: false);

    /// <summary>For people, too.</summary>
    public static EvaluationJsonContext Indented { get; } = With(writeIndented: true);

    /// <summary>For files that people write: a property that is unknown or stands twice is an error.</summary>
    public static EvaluationJsonContext Strict { get; } = new(new JsonSerializerOptions(EvaluationJsonContext.Default.Options)
    {
        AllowDuplicateProperties = false,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    });

    private static EvaluationJsonContext With(bool writeIndented) => new(new JsonSerializerOptions(EvaluationJsonContext.Default.Options)
    {
        // The texts go to files, never into HTML: ">=" and names in any script stay readable.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = writeIndented,
        NewLine = "\n",
    });
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(QualityLinesJson))]
[JsonSerializable(typeof(LineRecord))]
[JsonSerializable(typeof(EvaluationConfiguration))]
[JsonSerializable(typeof(ResultsHeader))]
[JsonSerializable(typeof(ResultRecord))]
[JsonSerializable(typeof(GeneralityReport))]
[JsonSerializable(typeof(TestSetManifest))]
[JsonSerializable(typeof(EvaluatedImages))]
internal sealed partial class EvaluationJsonContext : JsonSerializerContext;
