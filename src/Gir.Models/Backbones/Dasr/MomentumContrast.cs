using Gir.Imaging.Random;
using Gir.Models.Nn;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;

namespace Gir.Models.Backbones.Dasr;

/// <summary>
/// Momentum contrast (He, Fan, Wu, Xie, Girshick: "Momentum Contrast for Unsupervised Visual Representation Learning", CVPR 2020, algorithm 1) of
/// degradations: two patches of one image are a pair, patches of images seen before are not.
/// </summary>
internal sealed class MomentumContrast : Module
{
    private readonly DegradationEncoder _query;
    private readonly DegradationEncoder _key;
    private readonly Tensor _queue;
    private readonly Tensor _position;
    private readonly float _momentum;
    private readonly float _temperature;

    public MomentumContrast(DasrOptions options, LayerFactory layers)
    {
        (_momentum, _temperature) = (options.Momentum, options.Temperature);
        int length = options.EncoderWidths[2];
        _queue = Buffer("queue", [length, options.QueueLength], 0);
        _position = Buffer("queue_ptr", [1], 0);
        FillQueue(options.Seed);
        _query = Child("encoder_q", new DegradationEncoder(options.EncoderWidths, layers));
        _key = Child("encoder_k", new DegradationEncoder(options.EncoderWidths, layers));
        foreach ((Tensor source, Tensor target) in _query.Parameters().Zip(_key.Parameters()))
        {
            if (!Initializer.IsLoading)
                target.Backend.Copy(source, target);
            target.RequiresGradient = false;
        }
    }

    public int QueueLength => _queue.Shape[1];

    public bool IsTraining
    {
        get => _query.IsTraining;
        set => _query.IsTraining = _key.IsTraining = value;
    }

    /// <summary>Codes of the queries, and similarities [n, 1 + queue] of which the first is the pair's; updates key encoder and queue.</summary>
    public (Tensor Code, Tensor Logits) Contrast(Tensor queries, Tensor keys)
    {
        Tensor code = _query.Call(queries);
        Tensor query = _query.Project(code).NormalizeL2(1);
        Tensor key;
        using (Tape.NoGradient())
        {
            FollowQueryEncoder();
            key = _key.Project(_key.Call(keys)).NormalizeL2(1);
        }

        Tensor same = (query * key).Sum([1], keepDimensions: true);
        // The queue changes below, but backward still needs the old one.
        Tensor others = query.MatMul(Copy(_queue));
        Remember(key);
        return (code, TensorOps.Concatenate(1, same, others) / _temperature);
    }

    protected override Tensor Forward(Tensor x) => _query.Call(x);

    private static Tensor Copy(Tensor x)
    {
        Tensor copy = Tensor.Empty(x.Shape, x.Backend);
        x.Backend.Copy(x, copy);
        return copy;
    }

    private void FollowQueryEncoder()
    {
        foreach ((Tensor source, Tensor target) in _query.Parameters().Zip(_key.Parameters()))
        {
            Tensor blended = (target.Detach() * _momentum) + (source.Detach() * (1 - _momentum));
            target.Backend.Copy(blended, target);
            GC.KeepAlive(blended);
        }
    }

    private void Remember(Tensor keys)
    {
        (int batch, int queue) = (keys.Shape[0], _queue.Shape[1]);
        if (queue % batch != 0)
            throw new TensorShapeException("dasr", $"a batch of {batch}", $"a divisor of the queue's length {queue}");
        int position = (int)_position.Item() % queue;
        Tensor columns = keys.Detach().Permute(1, 0);
        // A queue that was filled in batches of another size wraps inside this one.
        int before = Math.Min(batch, queue - position);
        Put(columns.Narrow(1, 0, before), position);
        if (before < batch)
            Put(columns.Narrow(1, before, batch - before), 0);
        _position.Storage.Write([(position + batch) % queue]);

        void Put(Tensor part, int start)
        {
            _queue.Backend.PutSlice(part, [0, start], [1, 1], _queue);
            GC.KeepAlive(part);
        }
    }

    // Random directions, so that the first batches have something to differ from.
    private void FillQueue(ulong seed)
    {
        if (Initializer.IsLoading)
            return;
        (int length, int count) = (_queue.Shape[0], _queue.Shape[1]);
        var random = new PhiloxRandom(Philox4x32.DeriveSeed(seed, "queue"));
        var values = new float[length * count];
        for (int i = 0; i < count; i++)
        {
            double square = 0;
            for (int c = 0; c < length; c++)
            {
                double value = random.NextGaussian();
                values[(c * count) + i] = (float)value;
                square += value * value;
            }

            float norm = (float)Math.Max(Math.Sqrt(square), 1e-12);
            for (int c = 0; c < length; c++)
                values[(c * count) + i] /= norm;
        }

        _queue.Storage.Write(values);
    }
}
