using Gir.Imaging.Files;
using Gir.Imaging.Observability;
using Gir.Models.Nn;
using Gir.Models.Serialization;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;
using Gir.Models.Zoo;

namespace Gir.Models.Training;

/// <summary>One run of a <see cref="Trainer"/>: from its folder's checkpoint, or from the beginning, to the end or an interruption.</summary>
internal sealed class TrainingRun : IDisposable
{
    // The loss shown is the mean of the first 100 steps, and from there on an exponential one.
    private const int SmoothedSteps = 100;

    private readonly Trainer _trainer;
    private readonly IProgress<TrainingProgress>? _progress;
    private readonly Module _module;
    private readonly TensorBackend _backend;
    private readonly Optimizer _optimizer;
    private readonly ExponentialMovingAverage? _average;
    private readonly CosineAnnealing _schedule;
    private readonly FileStream _lock;
    private readonly TrainingLog _log;
    private readonly TrainingClock _clock;
    private TrainingState _state = new();
    private readonly Tensor[] _still;
    private TrainingState? _saved;

    public TrainingRun(Trainer trainer, IProgress<TrainingProgress>? progress)
    {
        (_trainer, _progress, _module) = (trainer, progress, trainer.Network.Module);
        TrainerOptions options = trainer.Options;
        _still = options.TrainedParts.Count == 0
            ? []
            : [.. _module.NamedParameters().Where(p => p.Value.RequiresGradient && !options.TrainedParts.Any(t => Trainer.IsOf(p.Key, t))).Select(p => p.Value)];
        _optimizer = options.Optimizer == TrainingOptimizer.Muon
            ? new Muon(_module.Parameters(), options.LearningRate, beta1: options.Beta1, beta2: options.Beta2, weightDecay: options.WeightDecay)
            : new Adam(_module.Parameters(), options.LearningRate, options.Beta1, options.Beta2, weightDecay: options.WeightDecay, decoupled: true);
        _average = options.EmaDecay is { } decay ? new ExponentialMovingAverage(_module, decay) : null;
        _backend = _optimizer.Parameters[0].Backend;
        _schedule = new CosineAnnealing(options.LearningRate, options.MinimumLearningRate, options.Iterations - trainer.Objective.PretrainingIterations);
        _clock = new TrainingClock(trainer.Time);
        Directory.CreateDirectory(options.Output);
        // Whoever is killed loses the lock with it.
        _lock = new FileStream(Path.Combine(options.Output, "training.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        _log = new TrainingLog(Trainer.LogPath(options.Output));
        foreach (Tensor parameter in _still)
            parameter.RequiresGradient = false;
    }

    private TrainerOptions Options => _trainer.Options;

    private string LastPath => Trainer.LastCheckpointPath(Options.Output);

    private string BestPath => Trainer.BestCheckpointPath(Options.Output);

    public void Dispose()
    {
        _log.Dispose();
        _lock.Dispose();
        foreach (Tensor parameter in _still)
            parameter.RequiresGradient = true;
    }

    public TrainingResult Execute(CancellationToken cancellationToken)
    {
        RemoveUnfinishedFiles();
        if (File.Exists(LastPath))
            _saved = _state = TrainingCheckpoint.Read(LastPath, _trainer.Configuration, _module, _optimizer, _average);
        // A validation that was interrupted is a row of the log that is not there yet.
        _log.TruncateTo(_state.SettledStep);
        // At once: whoever cannot write here should know before the first hour has passed.
        Save();
        long first = _state.Step;
        ModelsLog.TrainingBegins(_trainer.Logger, _trainer.Network.Architecture, Options.Output, first, Options.Iterations);
        _module.UseBatchStatistics(true);
        try
        {
            if (_state.SettledStep < _state.Step)
                Settle(cancellationToken);
            Advance(Options.StopAfter is { } steps ? Math.Min(Options.Iterations, first + steps) : Options.Iterations, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Not lost: saved below, and the result says that it is not complete.
        }
        finally
        {
            _module.UseBatchStatistics(false);
            _optimizer.ReleaseGradients();
        }

        Save();
        ModelsLog.TrainingEnds(_trainer.Logger, Options.Output, _state.Step, Options.Iterations, _state.SmoothedLoss);
        return new TrainingResult(
            _state.Step, Options.Iterations, first, _state.SmoothedLoss, _state.Validation, _state.Best, _state.BestStep, LastPath, File.Exists(BestPath) ? BestPath : null);
    }

    private void Advance(long end, CancellationToken cancellationToken)
    {
        if (_state.Step >= end)
            return;
        using IEnumerator<PatchBatch> batches = _trainer.Source.Enumerate(_state.Step, cancellationToken).GetEnumerator();
        _clock.Start();
        while (_state.Step < end)
        {
            cancellationToken.ThrowIfCancellationRequested();
            long waiting = _clock.Now;
            batches.MoveNext();
            _clock.Waited(waiting);
            Step(batches.Current);
            _clock.Stepped();
            Settle(cancellationToken);
        }
    }

    private void Step(PatchBatch batch)
    {
        long step = _state.Step;
        using TimedWork.Piece work = ModelsTelemetry.TrainingStep.Begin(_trainer.Network.Architecture);
        using TensorScope scope = TensorScope.Enter();
        _optimizer.ReleaseGradients();
        Tensor lossTensor = _trainer.Objective.Loss(_trainer.Network, ToTensors(batch), step);
        double loss = lossTensor.Item();
        if (!double.IsFinite(loss))
            throw new TrainingDivergedException(step, "loss", loss);
        lossTensor.Backward();
        double norm = GradientClipping.Norm(_optimizer.Parameters);
        if (!double.IsFinite(norm))
            throw new TrainingDivergedException(step, "gradient's norm", norm);
        _optimizer.LearningRate = LearningRate(step);
        _optimizer.Step(Options.GradientClip is { } clip ? GradientClipping.Scale(norm, clip) : 1);
        _average?.Update();
        _state = _state with
        {
            Step = step + 1,
            Loss = loss,
            SmoothedLoss = step == 0 ? loss : _state.SmoothedLoss + ((loss - _state.SmoothedLoss) / Math.Min(step + 1, SmoothedSteps)),
            LearningRate = _optimizer.LearningRate,
            GradientNorm = norm,
        };
        work.Complete(_state);
    }

    private double LearningRate(long step)
    {
        long pretraining = _trainer.Objective.PretrainingIterations;
        return step < pretraining ? _trainer.Objective.PretrainingRate(step) : _schedule.At(step - pretraining);
    }

    private PatchTensors ToTensors(PatchBatch batch) => new(
        ToTensor(batch.Degraded, batch.Shape),
        ToTensor(batch.Clean, batch.Shape),
        batch.Keys.IsEmpty ? null : ToTensor(batch.Keys, batch.Shape),
        batch.Thumbnails.IsEmpty ? null : ToTensor(batch.Thumbnails, batch.ThumbnailShape));

    private Tensor ToTensor(ReadOnlySpan<float> values, TensorShape shape)
    {
        Tensor tensor = Tensor.From(values, shape, _backend);
        return _trainer.Network.Range == 1 ? tensor : tensor * _trainer.Network.Range;
    }

    /// <summary>What is due after a step: validation, log, checkpoint, progress.</summary>
    private void Settle(CancellationToken cancellationToken)
    {
        bool isLast = _state.Step == Options.Iterations;
        bool validates = _trainer.Validation is not null && (isLast || _state.Step % Options.ValidateEvery == 0);
        if (validates)
            Validate(cancellationToken);
        _state = _state with { SettledStep = _state.Step };
        if (validates || isLast || _state.Step % Options.LogEvery == 0)
            Report(validates);
        if (isLast || _state.Step % Options.SaveEvery == 0)
            Save();
    }

    private void Validate(CancellationToken cancellationToken)
    {
        using TrainingClock.Pause pause = _clock.Interrupt();
        double value;
        float[][]? own = _average is null ? null : Exchange(_average.State);
        _module.UseBatchStatistics(false);
        try
        {
            using Tape.NoGradientScope quiet = Tape.NoGradient();
            using TensorScope scope = TensorScope.Enter();
            value = _trainer.Validation!(_trainer.Network, cancellationToken);
        }
        finally
        {
            _module.UseBatchStatistics(true);
            if (own is not null)
                Restore(own);
        }

        _state = _state with { Validation = value };
        // NaN is never better, and is followed by anything.
        if (double.IsNaN(value) || (_state.Best is { } best && value <= best))
            return;
        _state = _state with { Best = value, BestStep = _state.Step };
        Publish();
    }

    private void Report(bool validated)
    {
        (double speed, double waiting) = _clock.Lap();
        _log.Append(new TrainingLogRow(
            _state.Step, _state.Loss, _state.SmoothedLoss, _state.LearningRate, _state.GradientNorm, validated ? _state.Validation : null, speed, waiting));
        double seconds = (Options.Iterations - _state.Step) / speed;
        TimeSpan? remaining = seconds <= TimeSpan.MaxValue.TotalSeconds / 2 ? TimeSpan.FromSeconds(seconds) : null;
        _progress?.Report(new TrainingProgress(
            _state.Step, Options.Iterations, _state.SmoothedLoss, _state.LearningRate, speed, remaining, waiting, _state.Validation));
    }

    private void Save()
    {
        if (_state == _saved)
            return;
        using TrainingClock.Pause pause = _clock.Interrupt();
        _log.Flush();
        if (_trainer.Validation is null && _state.Step > 0)
            Publish();
        TrainingCheckpoint.Write(LastPath, _state, _trainer.Configuration, _module, _optimizer, _average);
        _saved = _state;
    }

    /// <summary>Writes the weights to use.</summary>
    private void Publish()
    {
        var metadata = new Dictionary<string, string>(Options.Metadata, StringComparer.Ordinal) { ["step"] = FormattableString.Invariant($"{_state.Step}") };
        if (_state.BestStep == _state.Step && _state.Best is { } best)
            metadata["validation"] = FormattableString.Invariant($"{best}");
        ModelZoo.Save(BestPath, _trainer.Network, metadata, state: _average?.State);
    }

    private float[][] Exchange(IReadOnlyDictionary<string, Tensor> state)
    {
        float[][] own = [.. _module.StateDictionary().Select(e => e.Value.ToArray())];
        _module.LoadState(state);
        return own;
    }

    private void Restore(float[][] own)
    {
        int index = 0;
        foreach ((_, Tensor tensor) in _module.StateDictionary())
            tensor.Storage.Write(own[index++]);
    }

    // A kill leaves files under other names; nobody else writes here while the lock is held.
    private void RemoveUnfinishedFiles()
    {
        AtomicFile.RemoveLeftoversOf(LastPath);
        AtomicFile.RemoveLeftoversOf(BestPath);
    }
}
