using System.Globalization;
using System.Text;
using Gir.Imaging.Text;

namespace Gir.Degradations;

/// <summary>
/// The text form: pipeline = step { "+" step }; step = name [ "(" [ argument { "," argument } ] ")" ]; argument = name "=" value;
/// random = part { "+" part }; part = ( step | [ number [ "-" number ] "of" ] "(" step { "|" step } ")" ) [ "?" probability ].
/// </summary>
internal ref struct PipelineExpression
{
    // Longer text is no pipeline; the bound keeps untrusted input from costing more than a glance.
    private const int MaximumLength = 65536;

    private readonly string _text;
    private readonly DegradationPipelineOptions _options;
    private int _position;

    private PipelineExpression(string text, DegradationPipelineOptions options)
    {
        _text = text;
        _options = options;
    }

    private readonly bool AtEnd => _position >= _text.Length;

    public static DegradationPipeline Parse(string text, DegradationPipelineOptions options)
    {
        options.Validate();
        if (text.Length > MaximumLength)
            throw new DegradationException($"The expression has {text.Length} characters: expected at most {MaximumLength}.");
        var reader = new PipelineExpression(text, options);
        return new DegradationPipeline(reader.Steps(), options);
    }

    public static RandomPipeline ParseRandom(string text, DegradationPipelineOptions options)
    {
        options.Validate();
        if (text.Length > MaximumLength)
            throw new DegradationException($"The expression has {text.Length} characters: expected at most {MaximumLength}.");
        var reader = new PipelineExpression(text, options);
        return new RandomPipeline(reader.Parts(), options);
    }

    public static string Write(RandomPipeline pipeline) => string.Join(" + ", pipeline.Steps.Select(s => Write(s, pipeline.Options.Catalog)));

    public static string Write(DegradationPipeline pipeline)
    {
        var text = new StringBuilder();
        for (int i = 0; i < pipeline.Order; i++)
        {
            if (i > 0)
                text.Append(" + ");
            WriteStep(text, pipeline.Descriptors[i], pipeline.Operators[i]);
        }

        return text.ToString();
    }

    private static string Write(RandomStep step, DegradationCatalog catalog)
    {
        var text = new StringBuilder();
        bool isGroup = step.Choices.Count > 1;
        if (step.Most > 1)
            text.Append(CultureInfo.InvariantCulture, $"{step.Least}{(step.Most > step.Least ? $"-{step.Most}" : "")} of ");
        text.Append(isGroup ? "(" : "");
        for (int i = 0; i < step.Choices.Count; i++)
        {
            text.Append(i > 0 ? " | " : "");
            WriteStep(text, catalog.DescriptorOf(step.Choices[i])!, step.Choices[i]);
        }

        text.Append(isGroup ? ")" : "");
        if (step.Probability < 1)
            text.Append(CultureInfo.InvariantCulture, $"?{step.Probability:R}");
        return text.ToString();
    }

    private static void WriteStep(StringBuilder text, DegradationDescriptor descriptor, IDegradation degradation)
    {
        text.Append(descriptor.Name);
        string separator = "(";
        foreach ((string name, DegradationValue value) in descriptor.Describe(degradation).Values)
        {
            DegradationParameter parameter = descriptor.Parameters.First(p => p.Name == name);
            if (value == parameter.Default)
                continue;
            text.Append(separator).Append(name).Append('=').Append(value.ToString());
            separator = ", ";
        }

        if (separator == ", ")
            text.Append(')');
    }

    private List<IDegradation> Steps()
    {
        var steps = new List<IDegradation>();
        while (true)
        {
            SkipSpace();
            if (steps.Count == _options.MaximumOrder)
                throw At(_position, $"this would be operator {steps.Count + 1}, but at most {_options.MaximumOrder} are allowed.");
            steps.Add(Step(steps.Count));
            SkipSpace();
            if (AtEnd)
                return steps;
            Expect('+', "'+', '(' or the end");
        }
    }

    private List<RandomStep> Parts()
    {
        var parts = new List<RandomStep>();
        while (true)
        {
            SkipSpace();
            if (parts.Count == _options.MaximumOrder)
                throw At(_position, $"this would be step {parts.Count + 1}, but at most {_options.MaximumOrder} operators are allowed.");
            parts.Add(Part(parts.Count));
            SkipSpace();
            if (AtEnd)
                return parts;
            Expect('+', "'+', '(', '?' or the end");
        }
    }

    private RandomStep Part(int index)
    {
        int start = _position;
        (int least, int most) = (1, 1);
        if (!AtEnd && char.IsAsciiDigit(_text[_position]))
            (least, most) = Numbers();
        var choices = new List<IDegradation>();
        if (_position == start && (AtEnd || _text[_position] != '('))
        {
            choices.Add(Step(index));
        }
        else
        {
            Expect('(', "'(' and the operators to choose from");
            do
            {
                SkipSpace();
                choices.Add(Step(index));
                SkipSpace();
            }
            while (Skips('|'));
            Expect(')', "'|' or ')'");
        }

        SkipSpace();
        double probability = 1;
        if (Skips('?'))
            probability = Probability();
        try
        {
            return RandomStep.SomeOf(least, most, choices, probability);
        }
        catch (DegradationException exception)
        {
            throw At(start, exception.Message, exception);
        }
    }

    /// <summary>"2 of" or "1-3 of".</summary>
    private (int Least, int Most) Numbers()
    {
        int least = Number();
        SkipSpace();
        int most = Skips('-') ? Number() : least;
        SkipSpace();
        int start = _position;
        if (Word("'of'") != "of")
            throw At(start, "expected 'of' and the operators to choose from in parentheses.");
        SkipSpace();
        return (least, most);
    }

    private int Number()
    {
        SkipSpace();
        int start = _position;
        while (!AtEnd && char.IsAsciiDigit(_text[_position]))
            _position++;
        return int.TryParse(_text.AsSpan(start, _position - start), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw At(start, $"found {Found(start)}, expected a number of operators.");
    }

    private double Probability()
    {
        SkipSpace();
        int start = _position;
        while (!AtEnd && (char.IsAsciiDigit(_text[_position]) || _text[_position] == '.'))
            _position++;
        return double.TryParse(_text.AsSpan(start, _position - start), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) && value <= 1
            ? value
            : throw At(start, $"found {Found(start)}, expected a probability in 0..1.");
    }

    private bool Skips(char expected)
    {
        bool isThere = !AtEnd && _text[_position] == expected;
        _position += isThere ? 1 : 0;
        return isThere;
    }

    private IDegradation Step(int index)
    {
        int start = _position;
        string name = Word("the name of an operator");
        if (!_options.Catalog.TryGet(name, out DegradationDescriptor? descriptor))
            throw At(start, _options.Catalog.UnknownOperator(name));
        if (PipelineRules.Misplaced(descriptor, index) is { } fault)
            throw At(start, fault);
        DegradationParameterSet parameters = DegradationParameterSet.Empty;
        SkipSpace();
        if (!AtEnd && _text[_position] == '(')
        {
            _position++;
            parameters = Arguments(descriptor);
        }

        try
        {
            return descriptor.Create(parameters);
        }
        catch (DegradationException exception)
        {
            throw At(start, exception.Message, exception);
        }
    }

    private DegradationParameterSet Arguments(DegradationDescriptor descriptor)
    {
        DegradationParameterSet parameters = DegradationParameterSet.Empty;
        SkipSpace();
        if (!AtEnd && _text[_position] == ')')
        {
            _position++;
            return parameters;
        }

        while (true)
        {
            SkipSpace();
            int start = _position;
            string name = Word($"the name of a parameter of {descriptor.Name}");
            DegradationParameter parameter = descriptor.Parameters.FirstOrDefault(p => p.Name == name)
                ?? throw At(start, DegradationDescriptor.UnknownParameter(descriptor.Name, name, descriptor.Parameters));
            if (parameters.TryGet(name, out _))
                throw At(start, $"{descriptor.Name}: '{name}' is given twice.");
            SkipSpace();
            Expect('=', $"'=' and the value of '{name}'");
            parameters = parameters.With(name, Value(descriptor, parameter));
            SkipSpace();
            if (!AtEnd && _text[_position] == ')')
            {
                _position++;
                return parameters;
            }

            Expect(',', "',' or ')'");
        }
    }

    private DegradationValue Value(DegradationDescriptor descriptor, DegradationParameter parameter)
    {
        SkipSpace();
        int start = _position;
        while (!AtEnd && _text[_position] is not (',' or ')' or '(' or '=') && !char.IsWhiteSpace(_text[_position]))
            _position++;
        string word = _text[start.._position];
        if (word.Length == 0)
            throw At(start, $"found {Found(start)}, expected the value of {descriptor.Name}'s '{parameter.Name}': {parameter.Expected}.");
        bool isNumber = double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double number);
        DegradationValue value = isNumber ? number : word;
        if (!parameter.Accepts(value))
            throw At(start, $"{descriptor.Name}: {parameter.Name} = {Suggestion.Shortened(word)}: expected {parameter.Expected}.");
        return value;
    }

    private string Word(string expected)
    {
        int start = _position;
        while (!AtEnd && (char.IsAsciiLetterOrDigit(_text[_position]) || _text[_position] is '-' or '_'))
            _position++;
        return _position > start ? _text[start.._position] : throw At(start, $"found {Found(start)}, expected {expected}.");
    }

    private void Expect(char expected, string description)
    {
        if (AtEnd || _text[_position] != expected)
            throw At(_position, $"found {Found(_position)}, expected {description}.");
        _position++;
    }

    private void SkipSpace()
    {
        while (!AtEnd && char.IsWhiteSpace(_text[_position]))
            _position++;
    }

    private readonly string Found(int position) => position >= _text.Length ? "the end" : $"'{_text[position]}'";

    private readonly DegradationException At(int position, string message, Exception? inner = null) =>
        new(string.Create(CultureInfo.InvariantCulture, $"Column {position + 1}: {message}"), inner);
}
