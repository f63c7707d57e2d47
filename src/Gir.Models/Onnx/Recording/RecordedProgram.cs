namespace Gir.Models.Onnx.Recording;

/// <summary>A forward pass for inputs of any size: every whole number in it is a formula.</summary>
/// <param name="Steps">The steps; their sizes are those of the first recording.</param>
/// <param name="Output">The number of the step that makes the result.</param>
/// <param name="Shapes">The shape of each step's output.</param>
/// <param name="Sizes">The sizes of each step.</param>
internal sealed record RecordedProgram(
    IReadOnlyList<RecordedStep> Steps, int Output, IReadOnlyList<IReadOnlyList<SizeFormula>> Shapes, IReadOnlyList<IReadOnlyList<SizeFormula>> Sizes)
{
    /// <summary>Generalizes recordings of the same network for inputs of several sizes, or says why that cannot be.</summary>
    /// <param name="recordings">The steps and the result's step, for each size.</param>
    /// <param name="sizes">The sizes.</param>
    /// <exception cref="OnnxExportException">The recordings differ in more than sizes, or a size follows no known formula.</exception>
    public static RecordedProgram Of(IReadOnlyList<(IReadOnlyList<RecordedStep> Steps, int Output)> recordings, IReadOnlyList<ProbeSize> sizes)
    {
        (IReadOnlyList<RecordedStep> first, int output) = recordings[0];
        var fitter = new SizeFitter(sizes);
        var steps = new RecordedStep[first.Count];
        var shapes = new SizeFormula[first.Count][];
        var amounts = new SizeFormula[first.Count][];
        for (int k = 1; k < recordings.Count; k++)
        {
            if (recordings[k].Steps.Count != first.Count || recordings[k].Output != output)
                throw new OnnxExportException($"an image of {sizes[0]} takes {first.Count} steps, one of {sizes[k]} takes {recordings[k].Steps.Count}");
        }

        for (int i = 0; i < steps.Length; i++)
        {
            RecordedStep step = first[i];
            for (int k = 1; k < recordings.Count; k++)
            {
                RecordedStep other = recordings[k].Steps[i];
                if (other.Operator != step.Operator || !Equals(other.Setting, step.Setting) || !other.Inputs.AsSpan().SequenceEqual(step.Inputs)
                    || other.Shape.Length != step.Shape.Length || other.Sizes.Length != step.Sizes.Length)
                {
                    throw new OnnxExportException($"step {i} is {step.Operator} {step.Setting} for an image of {sizes[0]}, and {other.Operator} {other.Setting} for one of {sizes[k]}");
                }
            }

            RecordedStep[] all = [.. recordings.Select(r => r.Steps[i])];
            steps[i] = all.All(s => s.Reals.AsSpan().SequenceEqual(step.Reals)) ? step : Mean([.. recordings.Select(r => r.Steps)], i)
                ?? throw new OnnxExportException($"step {i}, {step.Operator}, takes numbers that depend on the size of the image");
            shapes[i] = Formulas(fitter, [.. all.Select(s => s.Shape)], sizes, i, step);
            amounts[i] = Formulas(fitter, [.. all.Select(s => s.Sizes)], sizes, i, step);
        }

        return new RecordedProgram(steps, output, shapes, amounts);
    }

    /// <summary>Whether another recording is what this program says for its size.</summary>
    public bool IsThatOf(IReadOnlyList<RecordedStep> steps, ProbeSize size)
    {
        if (steps.Count != Steps.Count)
            return false;
        for (int i = 0; i < steps.Count; i++)
        {
            if ((steps[i].Operator != Steps[i].Operator && Steps[i].Operator != RecordedOperator.Mean) || (steps[i].Operator == Steps[i].Operator && !Equals(steps[i].Setting, Steps[i].Setting))
                || !Gives(Shapes[i], steps[i].Shape, size) || !Gives(Sizes[i], steps[i].Sizes, size))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Gives(IReadOnlyList<SizeFormula> formulas, int[] sizes, ProbeSize size) =>
        formulas.Count == sizes.Length && formulas.Select(f => f.Of(size)).SequenceEqual(sizes.Select(s => (long)s));

    private static SizeFormula[] Formulas(SizeFitter fitter, int[][] seen, IReadOnlyList<ProbeSize> sizes, int step, RecordedStep what)
    {
        var formulas = new SizeFormula[seen[0].Length];
        for (int d = 0; d < formulas.Length; d++)
        {
            long[] values = [.. seen.Select(s => (long)s[d])];
            formulas[d] = fitter.Fit(values) ?? throw new OnnxExportException(
                $"in step {step}, {what.Operator}, {values[0]} of an image of {sizes[0]} is {values[1]} of one of {sizes[1]}, which follows no known formula");
        }

        return formulas;
    }

    /// <summary>A sum times one over the number of its terms is a mean, whatever that number.</summary>
    private static RecordedStep? Mean(IReadOnlyList<RecordedStep>[] recordings, int index)
    {
        RecordedStep scale = recordings[0][index];
        if (scale.Operator != RecordedOperator.Scale || recordings[0][scale.Inputs[0]] is not { Operator: RecordedOperator.Sum } sum)
            return null;
        foreach (IReadOnlyList<RecordedStep> steps in recordings)
        {
            RecordedStep own = steps[steps[index].Inputs[0]];
            float part = (float)Length(own.Shape) / Length(steps[own.Inputs[0]].Shape);
            if (steps[index].Reals is not [float factor, 0] || factor != part)
                return null;
        }

        return sum with { Operator = RecordedOperator.Mean };
    }

    private static long Length(int[] shape) => shape.Aggregate(1L, (length, size) => length * size);
}
