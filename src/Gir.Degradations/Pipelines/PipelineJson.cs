using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gir.Imaging.Text;

namespace Gir.Degradations;

/// <summary>The JSON form of a pipeline: settings, and operators with all their parameters.</summary>
internal static class PipelineJson
{
    private const int LargestOrder = 64;

    // Image keys and names stay readable; nothing here is ever put into HTML.
    private static readonly JsonWriterOptions s_writerOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(DegradationPipeline pipeline) => ToText(writer => Write(writer, pipeline));

    /// <summary>How pipelines and records are read: null stands for a depth that no operator reads.</summary>
    public static StrictJsonSource Source(string kind) =>
        new("", kind, (message, inner) => new DegradationException(message, inner)) { AllowsNull = true };

    public static string ToText(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, s_writerOptions))
            write(writer);
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    public static void Write(Utf8JsonWriter writer, DegradationPipeline pipeline)
    {
        writer.WriteStartObject();
        WriteOptions(writer, pipeline.Options);
        writer.WriteStartArray("operators");
        for (int i = 0; i < pipeline.Order; i++)
            WriteOperator(writer, pipeline.Descriptors[i], pipeline.Operators[i]);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public static string Write(RandomPipeline pipeline) => ToText(writer => Write(writer, pipeline));

    public static RandomPipeline ReadRandom(string json, DegradationCatalog catalog) =>
        StrictJson.Read(json, Source("a random pipeline"), root => ReadRandom(root, catalog));

    public static DegradationPipeline Read(string json, DegradationCatalog catalog) => StrictJson.Read(json, Source("a pipeline"), root => Read(root, catalog));

    public static DegradationPipeline Read(StrictJson node, DegradationCatalog catalog) =>
        ReadSteps(node, catalog, "operators", ReadOperator, (steps, options) => new DegradationPipeline(steps, options));

    private static TPipeline ReadSteps<TStep, TPipeline>(
        StrictJson node,
        DegradationCatalog catalog,
        string list,
        Func<StrictJson, DegradationCatalog, TStep> read,
        Func<TStep[], DegradationPipelineOptions, TPipeline> create)
    {
        node.Object("quantization", "cropMultiple", "maximumOrder", list);
        DegradationPipelineOptions options = ReadOptions(node, catalog);
        StrictJson steps = node.Property(list);
        TStep[] all = [.. steps.Items(LargestOrder).Select(s => read(s, catalog))];
        return At(steps, () => create(all, options));
    }

    /// <summary>What an operator or a pipeline says of its parts is told with their place in the text.</summary>
    private static T At<T>(StrictJson place, Func<T> create)
    {
        try
        {
            return create();
        }
        catch (DegradationException exception)
        {
            throw place.Fault(exception.Message, exception);
        }
    }

    private static void WriteOptions(Utf8JsonWriter writer, DegradationPipelineOptions options)
    {
        writer.WriteString("quantization", ChoiceWords<Quantization>.WordOf(options.Quantization));
        writer.WriteNumber("cropMultiple", options.CropMultiple);
        writer.WriteNumber("maximumOrder", options.MaximumOrder);
    }

    private static DegradationPipelineOptions ReadOptions(StrictJson node, DegradationCatalog catalog) => new()
    {
        Quantization = node.Property("quantization").Choice<Quantization>(),
        CropMultiple = node.Property("cropMultiple").Integer(1, 64),
        MaximumOrder = node.Property("maximumOrder").Integer(1, LargestOrder),
        Catalog = catalog,
    };

    private static void Write(Utf8JsonWriter writer, RandomPipeline pipeline)
    {
        writer.WriteStartObject();
        WriteOptions(writer, pipeline.Options);
        writer.WriteStartArray("steps");
        foreach (RandomStep step in pipeline.Steps)
        {
            writer.WriteStartObject();
            writer.WriteNumber("probability", step.Probability);
            writer.WriteNumber("least", step.Least);
            writer.WriteNumber("most", step.Most);
            writer.WriteStartArray("choices");
            foreach (IDegradation choice in step.Choices)
                WriteOperator(writer, pipeline.Options.Catalog.DescriptorOf(choice)!, choice);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static RandomPipeline ReadRandom(StrictJson node, DegradationCatalog catalog) =>
        ReadSteps(node, catalog, "steps", ReadStep, (steps, options) => new RandomPipeline(steps, options));

    private static RandomStep ReadStep(StrictJson node, DegradationCatalog catalog)
    {
        node.Object("probability", "least", "most", "choices");
        IDegradation[] choices = [.. node.Property("choices").Items(LargestOrder).Select(o => ReadOperator(o, catalog))];
        (int least, int most) = (node.Property("least").Integer(1, LargestOrder), node.Property("most").Integer(1, LargestOrder));
        double probability = node.Property("probability").Number();
        return At(node, () => RandomStep.SomeOf(least, most, choices, probability));
    }

    private static void WriteOperator(Utf8JsonWriter writer, DegradationDescriptor descriptor, IDegradation degradation)
    {
        writer.WriteStartObject();
        writer.WriteString("name", descriptor.Name);
        writer.WriteStartObject("parameters");
        foreach ((string name, DegradationValue value) in descriptor.Describe(degradation).Values)
        {
            DegradationParameter parameter = descriptor.Parameters.First(p => p.Name == name);
            if (parameter.Kind == DegradationParameterKind.Flag)
                writer.WriteBoolean(name, value.Flag);
            else if (parameter.Kind == DegradationParameterKind.Choice)
                writer.WriteString(name, value.Word);
            else
                writer.WriteNumber(name, value.Number);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static IDegradation ReadOperator(StrictJson node, DegradationCatalog catalog)
    {
        node.Object("name", "parameters");
        StrictJson nameNode = node.Property("name");
        string name = nameNode.Text();
        if (!catalog.TryGet(name, out DegradationDescriptor? descriptor))
            throw nameNode.Fault(catalog.UnknownOperator(name));
        StrictJson parametersNode = node.Property("parameters");
        parametersNode.Object([.. descriptor.Parameters.Select(p => p.Name)]);
        DegradationParameterSet parameters = DegradationParameterSet.Empty;
        foreach ((string key, StrictJson value) in parametersNode.Properties())
        {
            DegradationParameter parameter = descriptor.Parameters.First(p => p.Name == key);
            if (!parameter.Accepts(Value(value)))
                throw value.Mismatch(parameter.Expected);
            parameters = parameters.With(key, Value(value));
        }

        return At(parametersNode, () => descriptor.Create(parameters));
    }

    private static DegradationValue Value(StrictJson node) => node.Element.ValueKind switch
    {
        JsonValueKind.Number => node.Number(),
        JsonValueKind.String => node.Text(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw node.Mismatch("a number, a string, true or false"),
    };
}
