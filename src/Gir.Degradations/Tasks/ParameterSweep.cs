using System.Globalization;
using Gir.Imaging.Text;

namespace Gir.Degradations.Tasks;

/// <summary>One parameter of one operator, from weak to strong or along any other range: a task for each of its values. Immutable.</summary>
public sealed class ParameterSweep
{
    /// <summary>The most values of a sweep.</summary>
    public const int MostValues = 1000;

    private const string Expected = "OPERATOR.PARAMETER=FIRST..LAST:STEP or OPERATOR.PARAMETER=VALUE,VALUE,.. such as blur.sigma=0..4:0.5";

    // An end that is out of the operator's range by less than this share of a step is meant to be the end of that range.
    private const double Slack = 0.1;

    private ParameterSweep(string target, string operatorName, DegradationParameter parameter, IReadOnlyList<SweepStep> steps) =>
        (Target, Operator, Parameter, Steps) = (target, operatorName, parameter, steps);

    /// <summary>What is swept, without the values: "blur.sigma", "haze + blur(size=31).sigma".</summary>
    public string Target { get; }

    /// <summary>The operator's name.</summary>
    public string Operator { get; }

    /// <summary>The parameter.</summary>
    public DegradationParameter Parameter { get; }

    /// <summary>The values and their tasks, in the order in which they were named.</summary>
    public IReadOnlyList<SweepStep> Steps { get; }

    /// <summary>Reads a sweep.</summary>
    /// <param name="text">
    /// "blur.sigma=0..4:0.5" or "compression.quality=90,70,50,30,10". Other parameters of the operator stand in parentheses, "blur(size=31).sigma=1..4:1", and what is done
    /// before it stands in front, "haze + noise.sigma=5..50:5". A first or last value that is out of the operator's range by a tenth of a step or less becomes the nearest
    /// that is not: blur's sigma begins at 0.01.
    /// </param>
    /// <exception cref="DegradationException">The text is no sweep, or names a value that the operator does not take; the message says what was expected.</exception>
    public static ParameterSweep Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int equals = text.LastIndexOf('=');
        int dot = equals < 0 ? -1 : text.LastIndexOf('.', equals);
        // A dot or an equals sign within parentheses belongs to another parameter.
        if (dot < 0 || text.IndexOf(')', dot) >= 0)
            throw new DegradationException($"'{Suggestion.Shortened(text)}': expected {Expected}.");
        string expression = text[..dot].Trim();
        string name = text[(dot + 1)..equals].Trim();
        DegradationPipeline pipeline = DegradationPipeline.Parse(expression, DegradationPipelineOptions.Benchmark);
        IDegradation last = pipeline.Operators[^1];
        DegradationDescriptor descriptor = pipeline.Descriptors[^1];
        DegradationParameter parameter = descriptor.Parameters.FirstOrDefault(p => p.Name == name)
            ?? throw new DegradationException(DegradationDescriptor.UnknownParameter(descriptor.Name, name, descriptor.Parameters));
        DegradationParameterSet others = descriptor.Describe(last);
        var steps = new List<SweepStep>();
        foreach (DegradationValue value in Values(text, text[(equals + 1)..].Trim(), parameter))
        {
            string id = $"{expression}.{name}={value}";
            if (steps.Any(s => s.Value == value))
                throw new DegradationException($"'{Suggestion.Shortened(text)}': {name} = {value} is named twice.");
            IDegradation step = descriptor.Create(others.With(name, value));
            steps.Add(new SweepStep(value, new DegradationTask(id, new DegradationPipeline([.. pipeline.Operators.SkipLast(1), step], DegradationPipelineOptions.Benchmark))));
        }

        return new ParameterSweep($"{expression}.{name}", descriptor.Name, parameter, steps);
    }

    private static List<DegradationValue> Values(string text, string range, DegradationParameter parameter)
    {
        string[] ends = range.Split("..", 2);
        if (ends.Length == 1)
            return [.. range.Split(',', StringSplitOptions.TrimEntries).Select(v => parameter.Check(One(text, v, parameter)))];
        string[] lastAndStep = ends[1].Split(':', 2);
        if (lastAndStep.Length < 2 || !IsNumber(ends[0], out double first) || !IsNumber(lastAndStep[0], out double last) || !IsNumber(lastAndStep[1], out double step)
            || step == 0 || (last - first) / step is not (>= 0 and < MostValues))
        {
            throw new DegradationException($"'{Suggestion.Shortened(text)}': expected {Expected}, of 1..{MostValues} values.");
        }

        // The last value counts though the step may not come out even to the last bit.
        int count = (int)Math.Floor(((last - first) / step) + 1e-9) + 1;
        var values = new List<DegradationValue>();
        for (int i = 0; i < count; i++)
        {
            // Fifteen digits: 0.1 three times is 0.3.
            double value = double.Parse((first + (i * step)).ToString("G15", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            double nearest = parameter.Accepts(value) || parameter.Choices.Count > 0 ? value : Math.Clamp(value, parameter.Minimum, parameter.Maximum);
            bool isEnd = i == 0 || i == count - 1;
            values.Add(parameter.Check((DegradationValue)(isEnd && Math.Abs(nearest - value) <= Slack * Math.Abs(step) ? nearest : value)));
        }

        return values;
    }

    private static DegradationValue One(string text, string value, DegradationParameter parameter)
    {
        if (value.Length == 0)
            throw new DegradationException($"'{Suggestion.Shortened(text)}': expected {Expected}.");
        if (parameter.Choices.Count > 0)
            return value;
        return IsNumber(value, out double number) ? number : throw new DegradationException($"{parameter.Name} = {Suggestion.Shortened(value)}: expected {parameter.Expected}.");
    }

    private static bool IsNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite | NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
}

/// <summary>One value of a sweep.</summary>
/// <param name="Value">The parameter's value.</param>
/// <param name="Task">The task, whose id names the value: "blur.sigma=0.5".</param>
public sealed record SweepStep(DegradationValue Value, DegradationTask Task);
