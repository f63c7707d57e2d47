using Gir.Models.Tensors;

namespace Gir.Models.Tests.Tensors;

public sealed partial class ScalarBackend
{
    private static double Value(UnaryOperation operation, double x) => operation.Function switch
    {
        UnaryFunction.Relu => Math.Max(x, 0),
        UnaryFunction.LeakyRelu => x >= 0 ? x : operation.A * x,
        UnaryFunction.Gelu => 0.5 * x * (1 + MathNet.Numerics.SpecialFunctions.Erf(x / Math.Sqrt(2))),
        UnaryFunction.Sigmoid => Logistic(x),
        UnaryFunction.Tanh => Math.Tanh(x),
        UnaryFunction.Silu => x * Logistic(x),
        UnaryFunction.Softplus => operation.A * x > operation.B ? x : Math.Log(1 + Math.Exp(operation.A * x)) / operation.A,
        UnaryFunction.HardSigmoid => Math.Clamp((x / 6) + 0.5, 0, 1),
        UnaryFunction.Clamp => Math.Min(Math.Max(x, operation.A), operation.B),
        UnaryFunction.Abs => Math.Abs(x),
        UnaryFunction.Exp => Math.Exp(x),
        UnaryFunction.Log => Math.Log(x),
        UnaryFunction.Sqrt => Math.Sqrt(x),
        UnaryFunction.ReciprocalSqrt => 1 / Math.Sqrt(x),
        UnaryFunction.Square => x * x,
        UnaryFunction.Erf => MathNet.Numerics.SpecialFunctions.Erf(x),
        _ => throw new ArgumentOutOfRangeException(nameof(operation)),
    };

    private static double Derivative(UnaryOperation operation, double x) => operation.Function switch
    {
        UnaryFunction.Relu => x > 0 ? 1 : 0,
        UnaryFunction.LeakyRelu => x > 0 ? 1 : operation.A,
        UnaryFunction.Gelu => (0.5 * (1 + MathNet.Numerics.SpecialFunctions.Erf(x / Math.Sqrt(2)))) + (x * Math.Exp(-0.5 * x * x) / Math.Sqrt(2 * Math.PI)),
        UnaryFunction.Sigmoid => Logistic(x) * (1 - Logistic(x)),
        UnaryFunction.Tanh => 1 - (Math.Tanh(x) * Math.Tanh(x)),
        UnaryFunction.Silu => Logistic(x) * (1 + (x * (1 - Logistic(x)))),
        UnaryFunction.Softplus => operation.A * x > operation.B ? 1 : Logistic(operation.A * x),
        UnaryFunction.HardSigmoid => x > -3 && x < 3 ? 1.0 / 6 : 0,
        UnaryFunction.Clamp => x >= operation.A && x <= operation.B ? 1 : 0,
        UnaryFunction.Abs => Math.Sign(x),
        UnaryFunction.Exp => Math.Exp(x),
        UnaryFunction.Log => 1 / x,
        UnaryFunction.Sqrt => 0.5 / Math.Sqrt(x),
        UnaryFunction.ReciprocalSqrt => -0.5 / (x * Math.Sqrt(x)),
        UnaryFunction.Square => 2 * x,
        UnaryFunction.Erf => 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x),
        _ => throw new ArgumentOutOfRangeException(nameof(operation)),
    };

    private static double Logistic(double x) => 1 / (1 + Math.Exp(-x));

    public override void Softmax(Tensor x, in AxisExtent extent, bool logarithm, Tensor y)
    {
        foreach (int[] line in Lines(extent))
        {
            double largest = double.NegativeInfinity;
            foreach (int i in line)
                largest = Math.Max(largest, Of(x)[i]);
            double sum = 0;
            foreach (int i in line)
                sum += Math.Exp(Of(x)[i] - largest);
            foreach (int i in line)
                Of(y)[i] = (logarithm ? Of(x)[i] - largest - Math.Log(sum) : Math.Exp(Of(x)[i] - largest) / sum);
        }
    }

    public override void SoftmaxGradient(Tensor y, Tensor dy, in AxisExtent extent, bool logarithm, Tensor dx)
    {
        foreach (int[] line in Lines(extent))
        {
            double sum = 0;
            foreach (int i in line)
                sum += logarithm ? Of(dy)[i] : (double)Of(dy)[i] * Of(y)[i];
            foreach (int i in line)
                Of(dx)[i] = (logarithm ? Of(dy)[i] - (Math.Exp(Of(y)[i]) * sum) : Of(y)[i] * (Of(dy)[i] - sum));
        }
    }

    public override void Normalize(
        Tensor x, Tensor? weight, Tensor? bias, in AxisExtent extent, float epsilon, bool subtractMean, Tensor y, Tensor mean, Tensor reciprocal)
    {
        int number = 0;
        foreach (int[] line in Lines(extent))
        {
            double sum = 0;
            foreach (int i in line)
                sum += Of(x)[i];
            double average = sum / line.Length;
            double squares = 0;
            foreach (int i in line)
                squares += (Of(x)[i] - average) * (Of(x)[i] - average);
            double scale = 1 / Math.Sqrt((squares / line.Length) + epsilon);
            for (int k = 0; k < line.Length; k++)
            {
                double value = (Of(x)[line[k]] - (subtractMean ? average : 0)) * scale;
                Of(y)[line[k]] = ((value * (weight is null ? 1 : Of(weight)[k])) + (bias is null ? 0 : Of(bias)[k]));
            }

            Of(mean)[number] = average;
            Of(reciprocal)[number++] = scale;
        }
    }

    public override void NormalizeGradient(
        Tensor x, Tensor? weight, Tensor mean, Tensor reciprocal, Tensor dy, in AxisExtent extent, bool subtractMean, Tensor dx, Tensor? dweight, Tensor? dbias)
    {
        var weightSums = new double[extent.Count];
        var biasSums = new double[extent.Count];
        int number = 0;
        foreach (int[] line in Lines(extent))
        {
            double average = Of(mean)[number];
            double scale = Of(reciprocal)[number++];
            double shift = subtractMean ? average : 0;
            double sum = 0;
            double product = 0;
            for (int k = 0; k < line.Length; k++)
            {
                double gradient = Of(dy)[line[k]];
                weightSums[k] += gradient * (Of(x)[line[k]] - shift) * scale;
                biasSums[k] += gradient;
                gradient *= weight is null ? 1 : Of(weight)[k];
                sum += gradient;
                product += gradient * (Of(x)[line[k]] - shift);
            }

            // y = (x - s) r with r depending on the variance: dr/dx = -r^3 (x - mean) / n.
            for (int k = 0; k < line.Length; k++)
            {
                double gradient = Of(dy)[line[k]] * (double)(weight is null ? 1 : Of(weight)[k]);
                double centered = Of(x)[line[k]] - average;
                Of(dx)[line[k]] = ((scale * (gradient - (subtractMean ? sum / line.Length : 0)))
                    - (scale * scale * scale * product * centered / line.Length));
            }
        }

        if (dweight is not null)
            Store(weightSums, dweight);
        if (dbias is not null)
            Store(biasSums, dbias);
    }

    public override void WindowAttention(Tensor queries, Tensor keysAndValues, in AttentionWindows windows, Tensor? bias, Tensor? mask, Tensor y)
    {
        (int height, int width, int c) = (y.Shape[1], y.Shape[2], y.Shape[3]);
        (int heads, int size, int keySize, int shift, float scale) = windows;
        int d = c / heads;
        int margin = (keySize - size) / 2;
        int first = keysAndValues.Shape[3] - (2 * c);
        int perImage = height / size * (width / size);
        var scores = new double[keySize * keySize];
        for (int query = 0; query < y.Length / c; query++)
        {
            int image = query / (height * width);
            // Where the token lies after the roll, its window and its place there.
            (int row, int column) = ((((query / width) + height - shift) % height), ((query % width) + width - shift) % width);
            int window = (image * perImage) + (row / size * (width / size)) + (column / size);
            int place = (row % size * size) + (column % size);
            for (int head = 0; head < heads; head++)
            {
                double Key(int j, int channel)
                {
                    (int ky, int kx) = ((row / size * size) + (j / keySize) - margin, (column / size * size) + (j % keySize) - margin);
                    if (ky < 0 || kx < 0 || ky >= height || kx >= width)
                        return 0;
                    int token = (((image * height) + ((ky + shift) % height)) * width) + ((kx + shift) % width);
                    return Of(keysAndValues)[(token * keysAndValues.Shape[3]) + first + (head * d) + channel];
                }

                for (int j = 0; j < scores.Length; j++)
                {
                    scores[j] = 0;
                    for (int e = 0; e < d; e++)
                        scores[j] += scale * Of(queries)[(query * queries.Shape[3]) + (head * d) + e] * Key(j, e);
                    scores[j] += bias is null ? 0 : Of(bias)[(((head * size * size) + place) * scores.Length) + j];
                    scores[j] += mask is null ? 0 : Of(mask)[((((window % mask.Shape[0]) * size * size) + place) * scores.Length) + j];
                }

                double largest = scores.Max();
                double sum = scores.Sum(s => Math.Exp(s - largest));
                for (int e = 0; e < d; e++)
                {
                    double value = 0;
                    for (int j = 0; j < scores.Length; j++)
                        value += Math.Exp(scores[j] - largest) / sum * Key(j, c + e);
                    Of(y)[(query * c) + (head * d) + e] = value;
                }
            }
        }
    }

    public override void Attention(Tensor q, Tensor k, Tensor v, float scale, Tensor? bias, Tensor? mask, Tensor y)
    {
        (int windows, int heads, int m, int d, int n) = (q.Shape[0], q.Shape[1], q.Shape[2], q.Shape[3], k.Shape[2]);
        var scores = new double[n];
        for (int w = 0; w < windows; w++)
        for (int h = 0; h < heads; h++)
        for (int i = 0; i < m; i++)
        {
            int head = (w * heads) + h;
            double largest = double.NegativeInfinity;
            for (int j = 0; j < n; j++)
            {
                double score = 0;
                for (int e = 0; e < d; e++)
                    score += (double)Of(q)[(((head * m) + i) * d) + e] * Of(k)[(((head * n) + j) * d) + e];
                score *= scale;
                score += bias is null ? 0 : Of(bias)[(((h * m) + i) * n) + j];
                score += mask is null ? 0 : Of(mask)[((((w % mask.Shape[0]) * m) + i) * n) + j];
                scores[j] = score;
                largest = Math.Max(largest, score);
            }

            double sum = 0;
            for (int j = 0; j < n; j++)
                sum += scores[j] = Math.Exp(scores[j] - largest);
            for (int e = 0; e < d; e++)
            {
                double value = 0;
                for (int j = 0; j < n; j++)
                    value += scores[j] * Of(v)[(((head * n) + j) * d) + e];
                Of(y)[(((head * m) + i) * d) + e] = (value / sum);
            }
        }
    }

    public override void AdamStep(Tensor parameter, Tensor gradient, Tensor firstMoment, Tensor secondMoment, in AdamStepSettings settings)
    {
        double correction1 = 1 - Math.Pow(settings.Beta1, settings.Step);
        double correction2 = 1 - Math.Pow(settings.Beta2, settings.Step);
        for (int i = 0; i < parameter.Length; i++)
        {
            double p = Of(parameter)[i];
            double g = Of(gradient)[i] * settings.GradientScale;
            if (settings.DecoupledDecay)
                p -= settings.LearningRate * settings.WeightDecay * p;
            else
                g += settings.WeightDecay * p;
            double m = (settings.Beta1 * Of(firstMoment)[i]) + ((1 - settings.Beta1) * g);
            double s = (settings.Beta2 * Of(secondMoment)[i]) + ((1 - settings.Beta2) * g * g);
            Of(firstMoment)[i] = m;
            Of(secondMoment)[i] = s;
            Of(parameter)[i] = (p - (settings.LearningRate * (m / correction1) / (Math.Sqrt(s / correction2) + settings.Epsilon)));
        }
    }

    private static IEnumerable<int[]> Lines(AxisExtent extent)
    {
        for (int outer = 0; outer < extent.Outer; outer++)
        {
            for (int inner = 0; inner < extent.Inner; inner++)
            {
                var line = new int[extent.Count];
                for (int k = 0; k < line.Length; k++)
                    line[k] = (((outer * extent.Count) + k) * extent.Inner) + inner;
                yield return line;
            }
        }
    }
}
