using Gir.Imaging.Random;

namespace Gir.Degradations;

/// <summary>
/// Pipelines by chance, for augmentation: steps that are applied with a probability, one of several operators, or some of several. What is drawn for an
/// image is a plain <see cref="DegradationPipeline"/>, so that its record replays every pixel. Immutable and safe for concurrent use.
/// </summary>
/// <remarks>The draw is a function of (seed, image key, step), as everything that is random here: neither threads nor the order of images matter.</remarks>
public sealed class RandomPipeline
{
    // Apart from the streams of operators and of random tasks.
    private const uint Stream = 2;

    /// <summary>Builds a random pipeline.</summary>
    /// <param name="steps">The steps, first applied first.</param>
    /// <param name="options">The settings of the pipelines that are drawn; null means the defaults.</param>
    /// <exception cref="DegradationException">Some pipeline that may be drawn would break a rule of <see cref="DegradationPipeline"/>.</exception>
    public RandomPipeline(IEnumerable<RandomStep> steps, DegradationPipelineOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(steps);
        Options = options ?? DegradationPipelineOptions.Default;
        Options.Validate();
        Steps = System.Array.AsReadOnly(steps.ToArray());
        Check();
    }

    /// <summary>The steps, first applied first.</summary>
    public IReadOnlyList<RandomStep> Steps { get; }

    /// <summary>The settings of the pipelines that are drawn.</summary>
    public DegradationPipelineOptions Options { get; }

    /// <summary>Reads an expression, e.g. "haze?0.3 + (blur(sigma=1) | ringing) + 1-2 of (noise | compression | resize)?0.8".</summary>
    /// <remarks>
    /// As the expressions of <see cref="DegradationPipeline.Parse"/>; besides, operators to choose from stand in parentheses, separated by '|', with how many of them before
    /// ("2 of", "1-3 of"; one unless said), and a probability follows '?'.
    /// </remarks>
    /// <exception cref="DegradationException">The message tells the column (from 1), what was found and what was expected.</exception>
    public static RandomPipeline Parse(string expression, DegradationPipelineOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(expression);
        return PipelineExpression.ParseRandom(expression, options ?? DegradationPipelineOptions.Default);
    }

    /// <summary>Reads the JSON that <see cref="ToJson"/> writes.</summary>
    /// <param name="json">One JSON object.</param>
    /// <param name="catalog">The operators that it may name; null means the standard ten.</param>
    /// <exception cref="DegradationException">The message tells the JSON path, what was found and what was expected.</exception>
    public static RandomPipeline FromJson(string json, DegradationCatalog? catalog = null)
    {
        ArgumentNullException.ThrowIfNull(json);
        return PipelineJson.ReadRandom(json, catalog ?? DegradationCatalog.Standard);
    }

    /// <summary>The steps as an expression that <see cref="Parse"/> reads back. The settings are not part of it.</summary>
    public string ToExpression() => PipelineExpression.Write(this);

    /// <summary>Steps with all parameters, and the settings, as one line of JSON.</summary>
    public string ToJson() => PipelineJson.Write(this);

    /// <summary>Draws the pipeline of an image; null where every step is left out, so that the image stays as it is.</summary>
    /// <param name="seed">The seed, e.g. the one that is given to <see cref="DegradationPipeline.Apply"/> as well.</param>
    /// <param name="imageKey">Distinguishes the images of a set.</param>
    public DegradationPipeline? Draw(ulong seed, string imageKey = "")
    {
        ArgumentNullException.ThrowIfNull(imageKey);
        ulong imageSeed = Philox4x32.DeriveSeed(seed, imageKey);
        var drawn = new List<IDegradation>();
        for (int i = 0; i < Steps.Count; i++)
        {
            RandomStep step = Steps[i];
            // A generator for each step: what one draws does not disturb the next.
            var random = new PhiloxRandom(Philox4x32.DeriveSeed(imageSeed, (ulong)i), Stream);
            if (random.NextBoolean(step.Probability))
                Choose(step, random.NextInteger(step.Least, step.Most), random, drawn);
        }

        return drawn.Count > 0 ? new DegradationPipeline(drawn, Options) : null;
    }

    /// <summary>The expression.</summary>
    public override string ToString() => ToExpression();

    /// <summary>So many of the step's operators, each choice as likely as the others (Knuth, The Art of Computer Programming, 3.4.2, algorithm S).</summary>
    private static void Choose(RandomStep step, int count, PhiloxRandom random, List<IDegradation> drawn)
    {
        for (int i = 0; i < step.Choices.Count && count > 0; i++)
        {
            if (random.NextInteger(1, step.Choices.Count - i) <= count)
            {
                drawn.Add(step.Choices[i]);
                count--;
            }
        }
    }

    /// <summary>Every operator alone, the longest pipeline, and weather where something may stand before it.</summary>
    private void Check()
    {
        if (Steps.Count == 0)
            throw new DegradationException("A random pipeline needs at least one step, but there is none.");
        int longest = Steps.Sum(s => s.Most);
        if (longest > Options.MaximumOrder)
            throw new DegradationException($"A pipeline may have at most {Options.MaximumOrder} operators, but as many as {longest} may be drawn.");
        for (int i = 0; i < Steps.Count; i++)
        {
            RandomStep step = Steps[i] ?? throw new DegradationException($"Step {i + 1} is null.");
            for (int c = 0; c < step.Choices.Count; c++)
            {
                DegradationDescriptor descriptor = PipelineRules.Check([step.Choices[c]], Options)[0];
                bool mayFollow = i > 0 || (c > 0 && step.Most > 1);
                if (mayFollow && PipelineRules.Misplaced(descriptor, 1) is not null)
                    throw new DegradationException($"step {i + 1} may put '{descriptor.Name}' after another operator, but weather (rain, haze, snow) may stand only first.");
            }
        }
    }
}
