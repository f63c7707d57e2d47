using Gir.Imaging.Random;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Backends.Cpu.Kernels;

namespace Gir.Models.Tests.Tensors;

/// <summary>Pointwise kernels: every length gives the bits of one element at a time, in place or apart, and nothing else is touched.</summary>
public sealed unsafe class ElementwiseKernelTests
{
    private const int Longest = 256;
    private const float Guard = 12345;

    private static readonly UnaryOperation Constants = new(UnaryFunction.Clamp, 0.5f, 0.75f);

    [Test]
    public void Sums_and_products_equal_their_scalar_twins()
    {
        Check(default(AddLanes));
        Check(default(SubtractLanes));
        Check(default(MultiplyLanes));
        Check(default(DivideLanes));
        Check(new ScaleAndShiftLanes(1.25f, -0.5f));
        Check(new AddScaledLanes(0.75f));
        Check(default(FirstLanes));
    }

    [Test]
    public void Functions_equal_their_scalar_twins()
    {
        Check(new ForwardLanes<ReluLanes>(Constants));
        Check(new ForwardLanes<LeakyReluLanes>(Constants));
        Check(new ForwardLanes<GeluLanes>(Constants));
        Check(new ForwardLanes<SigmoidLanes>(Constants));
        Check(new ForwardLanes<TanhLanes>(Constants));
        Check(new ForwardLanes<SiluLanes>(Constants));
        Check(new ForwardLanes<SoftplusLanes>(Constants));
        Check(new ForwardLanes<HardSigmoidLanes>(Constants));
        Check(new ForwardLanes<ClampLanes>(Constants));
        Check(new ForwardLanes<AbsLanes>(Constants));
        Check(new ForwardLanes<ExpLanes>(Constants));
        Check(new ForwardLanes<LogLanes>(Constants));
        Check(new ForwardLanes<SqrtLanes>(Constants));
        Check(new ForwardLanes<ReciprocalSqrtLanes>(Constants));
        Check(new ForwardLanes<SquareLanes>(Constants));
        Check(new ForwardLanes<ErfLanes>(Constants));
    }

    [Test]
    public void Gradients_equal_their_scalar_twins()
    {
        Check(new GradientLanes<ReluLanes>(Constants));
        Check(new GradientLanes<LeakyReluLanes>(Constants));
        Check(new GradientLanes<GeluLanes>(Constants));
        Check(new GradientLanes<SigmoidLanes>(Constants));
        Check(new GradientLanes<TanhLanes>(Constants));
        Check(new GradientLanes<SiluLanes>(Constants));
        Check(new GradientLanes<SoftplusLanes>(Constants));
        Check(new GradientLanes<HardSigmoidLanes>(Constants));
        Check(new GradientLanes<ClampLanes>(Constants));
        Check(new GradientLanes<AbsLanes>(Constants));
        Check(new GradientLanes<ExpLanes>(Constants));
        Check(new GradientLanes<LogLanes>(Constants));
        Check(new GradientLanes<SqrtLanes>(Constants));
        Check(new GradientLanes<ReciprocalSqrtLanes>(Constants));
        Check(new GradientLanes<SquareLanes>(Constants));
        Check(new GradientLanes<ErfLanes>(Constants));
    }

    [Test]
    public void Repeated_and_missing_operands_equal_the_scalar_twin([Values] bool repeatA, [Values] bool repeatB)
    {
        float[] a = Numbers(Longest, 1), b = Numbers(Longest, 2);
        for (int length = 0; length <= Longest; length++)
        {
            var expected = new float[length];
            float[] actual = [.. new float[length], Guard];
            var missing = new float[length];
            fixed (float* pa = a, pb = b, e = expected, y = actual, m = missing)
            {
                Elementwise.Scalar(default(DivideLanes), pa, pb, null, e, length, repeatA, repeatB);
                Elementwise.Run(default(DivideLanes), pa, pb, null, y, length, repeatA, repeatB);
                Elementwise.Run(default(DivideLanes), pa, null, null, m, length);
            }

            Assert.That(actual, Is.EqualTo([.. expected, Guard]), $"length {length}");
            Assert.That(missing, Is.EqualTo(a[..length]), $"length {length}");
        }
    }

    [Test]
    public void A_step_of_Adam_equals_its_scalar_twin([Values] bool decoupled)
    {
        var update = new AdamUpdate(new AdamStepSettings(1e-3, 0.9, 0.999, 1e-8, 0.01, decoupled, 3, 0.5));
        float[] values = Numbers(Longest, 1), gradients = Numbers(Longest, 2), moments = Numbers(Longest, 3);
        for (int length = 0; length <= Longest; length++)
        {
            float[] p = [.. values[..length], Guard], m = [.. moments[..length], Guard], v = [.. moments[..length], Guard];
            float[] q = [.. p], n = [.. m], w = [.. v];
            fixed (float* pp = p, pm = m, pv = v, pq = q, pn = n, pw = w, g = gradients)
            {
                update.Run(pp, g, pm, pv, length);
                update.Scalar(pq, g, pn, pw, length);
            }

            Assert.That((p, m, v), Is.EqualTo((q, n, w)), $"length {length}");
        }
    }

    private static void Check<TFunction>(TFunction function)
        where TFunction : struct, ILaneFunction
    {
        float[] a = Numbers(Longest, 1), b = Numbers(Longest, 2), c = Numbers(Longest, 3);
        var expected = new float[Longest];
        fixed (float* pa = a, pb = b, pc = c, e = expected)
        {
            Elementwise.Scalar(function, pa, pb, pc, e, Longest);
            for (int length = 0; length <= Longest; length++)
            {
                float[] apart = [.. new float[length], Guard];
                float[] inPlace = [.. a[..length], Guard];
                fixed (float* y = apart, x = inPlace)
                {
                    Elementwise.Run(function, pa, pb, pc, y, length);
                    Elementwise.Run(function, x, pb, pc, x, length);
                }

                bool isSame = apart.AsSpan(0, length).SequenceEqual(expected.AsSpan(0, length)) && apart[^1] == Guard;
                Assert.That(isSame, $"{typeof(TFunction)}, length {length}");
                Assert.That(inPlace, Is.EqualTo(apart), $"{typeof(TFunction)}, length {length}, in place");
            }
        }
    }

    // Positive, so that every function has a value.
    private static float[] Numbers(int count, ulong seed)
    {
        var random = new PhiloxRandom(seed);
        var values = new float[count];
        for (int i = 0; i < count; i++)
            values[i] = (float)random.NextUniform(0.05, 4);
        return values;
    }
}
