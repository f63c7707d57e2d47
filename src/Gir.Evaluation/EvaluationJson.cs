using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Gir.Degradations.Tasks;
using Gir.Evaluation.Gates;
using Gir.Evaluation.Generality;
using Gir.Evaluation.Lines;
using Gir.Evaluation.Quality;
using Gir.Evaluation.RealWorld;
using Gir.Evaluation.Recipes;
using Gir.Evaluation.Results;
using Gir.Evaluation.Shards;
using Gir.Evaluation.Studies;
using Gir.Evaluation.Studies.Diffusion;
using Gir.Evaluation.TestSets;
using Gir.Imaging.Text;

namespace Gir.Evaluation;

/// <summary>How the package writes JSON: camel case, "Infinity" for an infinite PSNR, line feeds on every platform.</summary>
internal static class EvaluationJson
{
    // For files that are read: nothing unknown, nothing missing that is not nullable, no numbers for words.
    private static readonly JsonSerializerOptions s_strict = new(EvaluationJsonContext.Default.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter<DegradationTaskGroup>(namingPolicy: null, allowIntegerValues: false) },
        TypeInfoResolver = EvaluationJsonContext.Default.WithAddedModifier(NullableIsOptional),
    };

    /// <summary>One line.</summary>
    public static EvaluationJsonContext Compact { get; } = With(writeIndented: false);

    /// <summary>For people, too.</summary>
    public static EvaluationJsonContext Indented { get; } = With(writeIndented: true);

    /// <summary>How the package's files are read: they hold no nulls, and every defect is an <see cref="EvaluationException"/>.</summary>
    /// <param name="name">The file's name, or what else to call the text.</param>
    /// <param name="kind">What it should be, e.g. "a report".</param>
    public static StrictJsonSource Source(string name, string kind) => new(name, kind, (message, inner) => new EvaluationException(message, inner));

    /// <summary>A value as one of the package's types.</summary>
    public static T As<T>(this StrictJson json)
        where T : class => json.As((JsonTypeInfo<T>)s_strict.GetTypeInfo(typeof(T)));

    /// <summary>Requires the mark of a format and its version.</summary>
    /// <param name="json">The object that bears the mark.</param>
    /// <param name="kind">What it should be, e.g. "a report".</param>
    /// <param name="format">The mark, the value of "format".</param>
    /// <param name="version">The version that is read.</param>
    /// <param name="versionName">The version's property.</param>
    public static void RequireFormat(this StrictJson json, string kind, string format, int version, string versionName = "version")
    {
        if (json.Element.ValueKind != JsonValueKind.Object || !json.Element.TryGetProperty("format", out JsonElement mark)
            || mark.ValueKind != JsonValueKind.String || mark.GetString() != format)
        {
            throw json.Fault($"not {kind}: expected an object with \"format\": \"{format}\".");
        }

        int found = json.Property(versionName).Integer();
        if (found != version)
            throw json.Fault($"{kind} of format version {found}; this is version {version}.");
    }

    private static void NullableIsOptional(JsonTypeInfo type)
    {
        foreach (JsonPropertyInfo property in type.Properties)
        {
            if (property.AssociatedParameter is { } parameter)
                property.IsRequired = !parameter.HasDefaultValue && !parameter.IsNullable;
        }
    }

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
[JsonSerializable(typeof(ResultLine))]
[JsonSerializable(typeof(GeneralityReport))]
[JsonSerializable(typeof(RestorationGateJson))]
[JsonSerializable(typeof(GateReport))]
[JsonSerializable(typeof(TestSetManifest))]
[JsonSerializable(typeof(EvaluatedImages))]
[JsonSerializable(typeof(RestorationCost[]))]
[JsonSerializable(typeof(RealWorldReport))]
[JsonSerializable(typeof(DegradedSetManifest))]
[JsonSerializable(typeof(ShardManifest))]
[JsonSerializable(typeof(QualityRecipe))]
[JsonSerializable(typeof(QualityGateReport))]
[JsonSerializable(typeof(StudyResult))]
internal sealed partial class EvaluationJsonContext : JsonSerializerContext;
