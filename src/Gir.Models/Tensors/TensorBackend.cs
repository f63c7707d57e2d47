namespace Gir.Models.Tensors;

/// <summary>
/// An engine: memory, and the forward and backward kernel of every operator. The managed SIMD engine is the default; another one is one
/// more class. Callers have checked shapes and made the outputs; a kernel overwrites its output completely unless it says "adds".
/// </summary>
/// <remarks>
/// Inputs and outputs never overlap unless an operator says so. Results do not depend on the number of threads. A caller keeps all operands reachable until the call
/// returns (it uses them afterwards, or says <see cref="GC.KeepAlive"/>): a kernel works on bare memory, which a finaliser would hand back.
/// </remarks>
public abstract class TensorBackend
{
    private static readonly Lock s_gate = new();
    private static volatile TensorBackend? s_default;

    [ThreadStatic]
    private static TensorBackend? s_ofThread;

    /// <summary>
    /// The engine used for tensors that name none: what <see cref="Use"/> says on this thread, else what was set last, else the managed engine with all threads.
    /// Set it before the first tensor is made: operands of one operator share an engine.
    /// </summary>
    public static TensorBackend Default
    {
        get => s_ofThread ?? s_default ?? CreateDefault();
        set => s_default = value ?? throw new ArgumentNullException(nameof(value));
    }

    /// <summary>Makes an engine the <see cref="Default"/> of this thread until disposed, e.g. while a network is made; null changes nothing.</summary>
    public static EngineScope Use(TensorBackend? backend)
    {
        var scope = new EngineScope(s_ofThread);
        s_ofThread = backend ?? s_ofThread;
        return scope;
    }

    /// <summary>The engine's name, e.g. "cpu".</summary>
    public abstract string Name { get; }

    /// <summary>Whether this engine's operators take operands of another one.</summary>
    internal virtual bool Reads(TensorBackend other) => ReferenceEquals(this, other);

    /// <summary>Memory for a number of elements, with undefined content.</summary>
    public abstract TensorStorage Allocate(int length);

    /// <summary>
    /// Memory for a weight of inference, which convolutions and matrix products alone read. An engine may take it when values are written and keep them in 16 bits where all
    /// of them are halves or upper halves of singles (bfloat16), so that nothing is lost; unwritten memory is then read as zeros. Default: <see cref="Allocate"/>.
    /// </summary>
    public virtual TensorStorage AllocateCompact(int length) => Allocate(length);

    /// <summary>Gives memory that waits for reuse back to the system. Default: nothing, for an engine that keeps none.</summary>
    public virtual void TrimMemory()
    {
    }

    /// <summary>y = value.</summary>
    public abstract void Fill(Tensor y, float value);

    /// <summary>y = x; same length.</summary>
    public abstract void Copy(Tensor x, Tensor y);

    /// <summary>Adds alpha x to y; same length.</summary>
    public abstract void AddScaled(Tensor x, float alpha, Tensor y);

    /// <summary>y = scale x + shift; same length. y may be x.</summary>
    public abstract void ScaleAndShift(Tensor x, float scale, float shift, Tensor y);

    /// <summary>y = f(x), elementwise. y may be x.</summary>
    public abstract void Unary(UnaryOperation operation, Tensor x, Tensor y);

    /// <summary>dx = dy f'(x), elementwise; y is f(x).</summary>
    public abstract void UnaryGradient(UnaryOperation operation, Tensor x, Tensor y, Tensor dy, Tensor dx);

    /// <summary>y = a op b with broadcasting; y has the common shape.</summary>
    public abstract void Binary(BinaryOperation operation, Tensor a, Tensor b, Tensor y);

    /// <summary>y = a b, where a and b are the halves of x seen as [outer, 2, ..]; y is [outer, ..].</summary>
    public abstract void Gate(Tensor x, int outer, Tensor y);

    /// <summary>dx of <see cref="Gate"/>.</summary>
    public abstract void GateGradient(Tensor x, Tensor dy, int outer, Tensor dx);

    /// <summary>y = x repeated to y's shape, by NumPy's broadcasting rule.</summary>
    public abstract void Broadcast(Tensor x, Tensor y);

    /// <summary>y = x summed over the dimensions in which y has size 1; same rank.</summary>
    public abstract void Sum(Tensor x, Tensor y);

    /// <summary>The largest value along one dimension (y has size 1 there).</summary>
    public abstract void Max(Tensor x, int dimension, Tensor y);

    /// <summary>dx = 0 except dy where x is largest along the dimension, at the first place where several are equal.</summary>
    public abstract void MaxGradient(Tensor x, Tensor dy, int dimension, Tensor dx);

    /// <summary>
    /// y[.., m, n] = a[.., m, k] b[.., k, n]; all of the same rank of at least 2; a batch dimension of size 1 is repeated.
    /// </summary>
    /// <param name="a">[.., m, k], or [.., k, m] when transposed.</param>
    /// <param name="transposeA">Whether a's last two dimensions are swapped.</param>
    /// <param name="b">[.., k, n], or [.., n, k] when transposed.</param>
    /// <param name="transposeB">Whether b's last two dimensions are swapped.</param>
    /// <param name="bias">[n], added to every row; or null.</param>
    /// <param name="y">[.., m, n].</param>
    public abstract void MatMul(Tensor a, bool transposeA, Tensor b, bool transposeB, Tensor? bias, Tensor y);

    /// <summary>Cross-correlation: x [n, c, h, w], weight [o, c / groups, kh, kw], bias [o] or null, y [n, o, oh, ow].</summary>
    public abstract void Conv2d(Tensor x, Tensor weight, Tensor? bias, in Conv2dGeometry geometry, Tensor y);

    /// <summary>dx [n, c, h, w] from dy [n, o, oh, ow]; also the forward pass of a transposed convolution, hence the bias [c].</summary>
    public abstract void Conv2dInputGradient(Tensor dy, Tensor weight, Tensor? bias, in Conv2dGeometry geometry, Tensor dx);

    /// <summary>dweight [o, c / groups, kh, kw] from x [n, c, h, w] and dy [n, o, oh, ow].</summary>
    public abstract void Conv2dWeightGradient(Tensor x, Tensor dy, in Conv2dGeometry geometry, Tensor dweight);

    /// <summary>Softmax over the middle of [outer, n, inner].</summary>
    /// <param name="x">The input, seen as [outer, n, inner].</param>
    /// <param name="extent">How it is seen.</param>
    /// <param name="logarithm">Whether the logarithm of the softmax is wanted.</param>
    /// <param name="y">The output.</param>
    public abstract void Softmax(Tensor x, in AxisExtent extent, bool logarithm, Tensor y);

    /// <summary>dx of <see cref="Softmax"/> from its output y and dy.</summary>
    public abstract void SoftmaxGradient(Tensor y, Tensor dy, in AxisExtent extent, bool logarithm, Tensor dx);

    /// <summary>
    /// y = (x - mean) / sqrt(variance + epsilon) over the middle of [outer, n, inner], times weight [n] plus bias [n] where given.
    /// </summary>
    /// <param name="x">The input, seen as [outer, n, inner].</param>
    /// <param name="weight">[n] or null.</param>
    /// <param name="bias">[n] or null.</param>
    /// <param name="extent">How it is seen.</param>
    /// <param name="epsilon">Added to the biased variance.</param>
    /// <param name="subtractMean">False leaves the mean in the numerator (Restormer's bias-free layer norm).</param>
    /// <param name="y">The output.</param>
    /// <param name="mean">[outer, inner]: the means.</param>
    /// <param name="reciprocal">[outer, inner]: 1 / sqrt(variance + epsilon).</param>
    public abstract void Normalize(
        Tensor x, Tensor? weight, Tensor? bias, in AxisExtent extent, float epsilon, bool subtractMean, Tensor y, Tensor mean, Tensor reciprocal);

    /// <summary>Whether group normalization and swish are one kernel here; elsewhere they run apart.</summary>
    internal virtual bool FusesGroupNorm => false;

    /// <summary>y = z sigmoid(z) of z = (x - mean) reciprocal weight + bias for each group of channels; see <see cref="FusesGroupNorm"/>.</summary>
    /// <param name="x">[n, c, ..].</param>
    /// <param name="groups">Groups.</param>
    /// <param name="weight">[c].</param>
    /// <param name="bias">[c].</param>
    /// <param name="epsilon">Added to the biased variance.</param>
    /// <param name="y">The output.</param>
    /// <param name="mean">[n groups]: the means.</param>
    /// <param name="reciprocal">[n groups]: 1 / sqrt(variance + epsilon).</param>
    internal virtual void GroupNormSilu(Tensor x, int groups, Tensor weight, Tensor bias, float epsilon, Tensor y, Tensor mean, Tensor reciprocal) =>
        throw new NotSupportedException();

    /// <summary>The gradients of <see cref="GroupNormSilu"/>.</summary>
    internal virtual void GroupNormSiluGradient(
        Tensor x, int groups, Tensor weight, Tensor bias, Tensor mean, Tensor reciprocal, Tensor dy, Tensor dx, Tensor dweight, Tensor dbias) => throw new NotSupportedException();

    /// <summary>The gradients of <see cref="Normalize"/>; dweight and dbias are null where not wanted.</summary>
    public abstract void NormalizeGradient(
        Tensor x, Tensor? weight, Tensor mean, Tensor reciprocal, Tensor dy, in AxisExtent extent, bool subtractMean, Tensor dx, Tensor? dweight, Tensor? dbias);

    /// <summary>y = x with its dimensions reordered: y's dimension i is x's dimension order[i].</summary>
    public abstract void Permute(Tensor x, ReadOnlySpan<int> order, Tensor y);

    /// <summary>y[i] = x[start + i step], in every dimension; a start may lie before the end of another slice: slices are copies.</summary>
    public abstract void Slice(Tensor x, ReadOnlySpan<int> starts, ReadOnlySpan<int> steps, Tensor y);

    /// <summary>Writes x into y at y[start + i step]; the rest of y stays as it is.</summary>
    public abstract void PutSlice(Tensor x, ReadOnlySpan<int> starts, ReadOnlySpan<int> steps, Tensor y);

    /// <summary>y [n, c, h + top + bottom, w + left + right] = x [n, c, h, w] padded; negative amounts crop (constant mode only).</summary>
    public abstract void Pad2d(Tensor x, in Padding2d padding, Tensor y);

    /// <summary>dx of <see cref="Pad2d"/>.</summary>
    public abstract void Pad2dGradient(Tensor dy, in Padding2d padding, Tensor dx);

    /// <summary>y[i, :] = x[rows[i], :]; x is seen as [rows, width]. Nobody changes the array any more: an engine may keep a copy of it on its device.</summary>
    public abstract void Gather(Tensor x, int[] rows, Tensor y);

    /// <summary>Adds dy[i, :] to dx[rows[i], :]; the array as in <see cref="Gather"/>.</summary>
    public abstract void ScatterAdd(Tensor dy, int[] rows, Tensor dx);

    /// <summary>Separable linear resampling of x [n, c, h, w] to y [n, c, oh, ow] by tables of taps.</summary>
    public abstract void Resample(Tensor x, ResamplingTaps rows, ResamplingTaps columns, Tensor y);

    /// <summary>The transpose of <see cref="Resample"/>.</summary>
    public abstract void ResampleGradient(Tensor dy, ResamplingTaps rows, ResamplingTaps columns, Tensor dx);

    /// <summary>Sliding local blocks of x [n, c, h, w] as columns: y [n, c kh kw, oh ow].</summary>
    public abstract void Unfold(Tensor x, in Conv2dGeometry geometry, Tensor y);

    /// <summary>The transpose of <see cref="Unfold"/>: sums columns [n, c kh kw, oh ow] into y [n, c, h, w].</summary>
    public abstract void Fold(Tensor x, in Conv2dGeometry geometry, Tensor y);

    /// <summary>Largest value of each window; padding never wins.</summary>
    public abstract void MaxPool(Tensor x, in Conv2dGeometry geometry, Tensor y);

    /// <summary>dx of <see cref="MaxPool"/>: sums of dy where a window's x is largest, at the first place of a window where several are equal.</summary>
    public abstract void MaxPoolGradient(Tensor x, Tensor dy, in Conv2dGeometry geometry, Tensor dx);

    /// <summary>softmax(scale q k^T + bias + mask) v for many small windows at once.</summary>
    /// <param name="q">[windows, heads, m, d].</param>
    /// <param name="k">[windows, heads, n, d].</param>
    /// <param name="v">[windows, heads, n, d].</param>
    /// <param name="scale">Multiplies the scores.</param>
    /// <param name="bias">[heads, m, n] or null.</param>
    /// <param name="mask">[k, m, n], repeated over windows (window w takes mask w mod k); or null.</param>
    /// <param name="y">[windows, heads, m, d].</param>
    public abstract void Attention(Tensor q, Tensor k, Tensor v, float scale, Tensor? bias, Tensor? mask, Tensor y);

    /// <summary>The same inside the windows of images of tokens, which stay where they lie.</summary>
    /// <param name="queries">[n, h, w, at least c]: the first c channels are the queries, head after head.</param>
    /// <param name="keysAndValues">[n, h, w, at least 2 c]: the last 2 c channels are keys and values, head after head.</param>
    /// <param name="windows">How the images are divided.</param>
    /// <param name="bias">[heads, queries, keys] or null.</param>
    /// <param name="mask">[k, queries, keys], window w taking mask w mod k; or null.</param>
    /// <param name="y">[n, h, w, c].</param>
    public abstract void WindowAttention(Tensor queries, Tensor keysAndValues, in AttentionWindows windows, Tensor? bias, Tensor? mask, Tensor y);

    /// <summary>One step of Adam or AdamW, in place.</summary>
    public abstract void AdamStep(Tensor parameter, Tensor gradient, Tensor firstMoment, Tensor secondMoment, in AdamStepSettings settings);

    /// <summary>The sum of squares, accumulated in double.</summary>
    public abstract double SumOfSquares(Tensor x);

    /// <summary>
    /// The sum of squares of several tensors, each accumulated in double and added in their order. An engine with memory of its own overrides it, to fetch one
    /// number from there instead of many.
    /// </summary>
    public virtual double SumOfSquares(IReadOnlyList<Tensor> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        double sum = 0;
        foreach (Tensor tensor in tensors)
            sum += SumOfSquares(tensor);
        return sum;
    }

    /// <summary>Ends <see cref="Use"/> when disposed. A ref struct, so that the compiler rejects one that is open across an await.</summary>
    public readonly ref struct EngineScope
    {
        private readonly TensorBackend? _outer;

        internal EngineScope(TensorBackend? outer) => _outer = outer;

        /// <summary>Goes back to the engine before.</summary>
        public void Dispose() => s_ofThread = _outer;
    }

    // Two threads that ask first at the same time must get the same engine, not two sets of workers.
    private static TensorBackend CreateDefault()
    {
        lock (s_gate)
            return s_default ??= new Backends.Cpu.CpuBackend();
    }
}
