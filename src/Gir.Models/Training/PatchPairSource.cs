using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Gir.Imaging;
using Gir.Imaging.Random;
using Gir.Models.Nn;

namespace Gir.Models.Training;

/// <summary>
/// Endless pairs of degraded and clean patches. Sample i of step s is a function of (seed, s, i) alone: a task by weight, one of its images, a
/// place, an orientation, and a random stream for the task's transform.
/// </summary>
/// <remarks>Safe for concurrent use, as the transforms are. The images are held, not copied.</remarks>
public sealed class PatchPairSource
{
    private const int Orientations = 8;
    private const int MirrorLeftRight = 2;
    private const int LeastWindow = 3;

    private readonly WeightedChoice _choice;

    /// <summary>Creates a source.</summary>
    /// <param name="tasks">What to draw from; at least one, each with at least one image.</param>
    /// <param name="options">How patches are cut; null means the paper's setting.</param>
    /// <exception cref="ArgumentException">
    /// There is no task or image, a weight is not above 0, an image is smaller than a patch, has other channels than the rest, or differs in size
    /// from its prepared form; the message names task and image.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public PatchPairSource(IReadOnlyList<TrainingTask> tasks, PatchPairOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        Options = options ?? PatchPairOptions.Paper;
        Options.Validate();
        Tasks = [.. tasks];
        if (Tasks.Count == 0)
            throw new ArgumentException("Expected at least one task.", nameof(tasks));
        foreach (TrainingTask task in Tasks)
            Check(task);
        Channels = Tasks[0].Images[0].Clean.Channels;
        foreach (TrainingTask task in Tasks)
        {
            if (task.Images.FirstOrDefault(i => i.Clean.Channels != Channels) is { } other)
                throw new ArgumentException($"Task '{task.Name}': image '{other.Name}' is {other.Clean}; expected {Channels} channels as in the first image.", nameof(tasks));
        }

        _choice = new WeightedChoice(Tasks.Select(t => t.Weight));
    }

    /// <summary>The tasks.</summary>
    public IReadOnlyList<TrainingTask> Tasks { get; }

    /// <summary>How patches are cut.</summary>
    public PatchPairOptions Options { get; }

    /// <summary>Channels of all images.</summary>
    public int Channels { get; }

    /// <summary>Makes the pairs of one step.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The step is negative.</exception>
    /// <exception cref="InvalidOperationException">A transform changed the size or returned nothing; the message names the task.</exception>
    public PatchBatch Get(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        PatchBatch batch = Rent(step);
        Fill(batch, step, CancellationToken.None);
        return batch;
    }

    /// <summary>The batches from a step on, made ahead on a thread of their own; endless.</summary>
    /// <param name="firstStep">The first step.</param>
    /// <param name="cancellationToken">Ends the sequence with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>Batches in order; each is valid until the next is asked for, when its memory is used again.</returns>
    /// <remarks>What a transform throws comes out where its batch would have. Leaving the loop ends the thread.</remarks>
    public IEnumerable<PatchBatch> Enumerate(long firstStep = 0, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstStep);
        return Prefetch(firstStep, cancellationToken);
    }

    private IEnumerable<PatchBatch> Prefetch(long firstStep, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // What is being made counts too: at most Prefetch batches wait or are in work.
        using var ready = new BlockingCollection<(PatchBatch? Batch, ExceptionDispatchInfo? Failure)>(Options.Prefetch);
        var free = new ConcurrentBag<PatchBatch>();
        var producer = new Thread(() => Produce(firstStep, ready, free, stop.Token)) { IsBackground = true, Name = "patches" };
        producer.Start();
        try
        {
            while (true)
            {
                (PatchBatch? batch, ExceptionDispatchInfo? failure) = ready.Take(stop.Token);
                failure?.Throw();
                yield return batch!;
                free.Add(batch!);
            }
        }
        finally
        {
            stop.Cancel();
            producer.Join();
        }
    }

    private void Produce(
        long step, BlockingCollection<(PatchBatch? Batch, ExceptionDispatchInfo? Failure)> ready, ConcurrentBag<PatchBatch> free, CancellationToken stop)
    {
        try
        {
            for (; ; step++)
            {
                PatchBatch batch = free.TryTake(out PatchBatch? used) && IsOf(used, Options.At(step)) ? used : Rent(step);
                Fill(batch, step, stop);
                ready.Add((batch, null), stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The reader has left or was canceled; it knows.
        }
        catch (Exception exception)
        {
            // Nothing may escape a thread; the reader gets it instead.
            try
            {
                ready.Add((null, ExceptionDispatchInfo.Capture(exception)), stop);
            }
            catch (OperationCanceledException)
            {
                // Nobody is left to be told.
            }
        }
    }

    private PatchBatch Rent(long step)
    {
        PatchStage stage = Options.At(step);
        return new PatchBatch(stage.BatchSize, Channels, stage.PatchSize, Options.Contrast, Options.Thumbnail);
    }

    private static bool IsOf(PatchBatch batch, PatchStage stage) => (batch.Count, batch.Size) == (stage.BatchSize, stage.PatchSize);

    private void Fill(PatchBatch batch, long step, CancellationToken stop)
    {
        batch.Step = step;
        ulong seed = Philox4x32.DeriveSeed(Options.Seed, (ulong)step);
        for (int i = 0; i < batch.Count; i++)
        {
            stop.ThrowIfCancellationRequested();
            Sample(batch, i, new PhiloxRandom(Philox4x32.DeriveSeed(seed, (ulong)i)));
        }
    }

    private void Sample(PatchBatch batch, int index, PhiloxRandom random)
    {
        TrainingTask task = Tasks[_choice.Draw(random)];
        TrainingImage image = task.Images[random.NextInteger(0, task.Images.Count - 1)];
        int size = batch.Size;
        int top = random.NextInteger(0, image.Clean.Height - size);
        int left = random.NextInteger(0, image.Clean.Width - StripWidth(size));
        int length = Channels * size * size;
        if (task.PictureTransform is { } transform)
        {
            SamplePicture(batch, index, task, image, transform, (top, left), random);
            return;
        }

        int orientation = Options.Augment ? random.NextInteger(0, Orientations - 1) : 0;
        var stream = new PhiloxRandom(random.NextSeed());
        ImageBuffer clean = Cut(image.Clean, size, top, left, orientation);
        Store(clean, size, batch.CleanArray.AsSpan(index * length, length), second: false);
        ImagePool.Return(clean);

        ImageBuffer patch = Cut(image.Prepared ?? image.Clean, size, top, left, orientation);
        ImageBuffer degraded = Degrade(task, patch, stream);
        Store(degraded, size, batch.DegradedArray.AsSpan(index * length, length), second: false);
        if (Options.Contrast)
            Store(degraded, size, batch.KeysArray.AsSpan(index * length, length), second: true);
        if (!ReferenceEquals(degraded.Array, patch.Array))
            ImagePool.Return(patch);
    }

    private void SamplePicture(
        PatchBatch batch, int index, TrainingTask task, TrainingImage image, PictureTransform transform, (int Top, int Left) place, PhiloxRandom random)
    {
        int orientation = Options.Augment && random.NextInteger(0, 1) == 1 ? MirrorLeftRight : 0;
        TrainingImage? window = null;
        if (task.PictureWindows > 0 && random.NextDouble() < task.PictureWindows)
        {
            (window, place) = Window(image, place, batch.Size, random);
            if (task.TurnedWindows > 0 && random.NextDouble() < task.TurnedWindows)
                (window, place) = (Turn(window), (place.Left, place.Top));
            image = window;
        }

        ImageBuffer own = image.Clean;
        if (task.PictureAugmentation is { } augment)
            image = image with { Clean = Expect(own, augment(image, new PhiloxRandom(random.NextSeed())), task, "augmentation") };
        ImageBuffer degraded = Expect(own, transform(image, new PhiloxRandom(random.NextSeed())), task, "transform");

        int size = batch.Size;
        int length = Channels * size * size;
        Place(image.Clean, batch.CleanArray);
        Place(degraded, batch.DegradedArray);
        if (Options.Thumbnail > 0)
        {
            ImageBuffer picture = orientation == 0 ? degraded : degraded.FlipHorizontal();
            int thumbnail = PictureThumbnail.Planes(Channels) * Options.Thumbnail * Options.Thumbnail;
            PictureThumbnail.Write(picture, Options.Thumbnail, batch.ThumbnailArray.AsSpan(index * thumbnail, thumbnail));
            if (!ReferenceEquals(picture, degraded))
                ImagePool.Return(picture);
        }

        if (!ReferenceEquals(degraded.Array, image.Clean.Array))
            ImagePool.Return(degraded);
        if (!ReferenceEquals(own.Array, image.Clean.Array))
            ImagePool.Return(image.Clean);
        if (window is not null)
        {
            ImagePool.Return(window.Clean);
            if (window.Depth is not null)
                ImagePool.Return(window.Depth);
        }

        void Place(ImageBuffer picture, float[] target)
        {
            ImageBuffer patch = Cut(picture, size, place.Top, place.Left, orientation);
            Store(patch, size, target.AsSpan(index * length, length), second: false);
            ImagePool.Return(patch);
        }
    }

    /// <summary>A window of a picture around a patch, and the patch's place in it.</summary>
    private static (TrainingImage Picture, (int Top, int Left) Place) Window(TrainingImage image, (int Top, int Left) place, int patch, PhiloxRandom random)
    {
        (int top, int height) = Stretch(image.Clean.Height, place.Top);
        (int left, int width) = Stretch(image.Clean.Width, place.Left);
        TrainingImage window = image with { Clean = image.Clean.Crop(top, left, height, width), Depth = image.Depth?.Crop(top, left, height, width) };
        return (window, (place.Top - top, place.Left - left));

        (int Begin, int Length) Stretch(int whole, int begin)
        {
            int length = random.NextInteger(Math.Max(patch, whole / LeastWindow), whole);
            return (random.NextInteger(Math.Max(0, begin + patch - length), Math.Min(begin, whole - length)), length);
        }
    }

    /// <summary>The window with rows and columns exchanged; the old one's memory is given back.</summary>
    private static TrainingImage Turn(TrainingImage window) =>
        window with { Clean = Replace(window.Clean, window.Clean.Transpose()), Depth = window.Depth is { } depth ? Replace(depth, depth.Transpose()) : null };

    private static ImageBuffer Expect(ImageBuffer shape, ImageBuffer? made, TrainingTask task, string maker)
    {
        if (made is null)
            throw new InvalidOperationException($"Task '{task.Name}': the {maker} returned no image.");
        return made.HasShapeOf(shape)
            ? made
            : throw new InvalidOperationException($"Task '{task.Name}': the {maker} made {made} of {shape} (channels x height x width); expected the same size.");
    }

    private int StripWidth(int size) => Options.Contrast ? 2 * size : size;

    // Bit 0 transposes, then bit 1 mirrors left and right, then bit 2 top and bottom: the eight symmetries of the square.
    private ImageBuffer Cut(ImageBuffer image, int size, int top, int left, int orientation)
    {
        ImageBuffer patch = image.Crop(top, left, size, StripWidth(size));
        if ((orientation & 1) != 0)
            patch = Replace(patch, patch.Transpose());
        if ((orientation & MirrorLeftRight) != 0)
            patch = Replace(patch, patch.FlipHorizontal());
        return (orientation & 4) != 0 ? Replace(patch, patch.FlipVertical()) : patch;
    }

    private static ImageBuffer Replace(ImageBuffer old, ImageBuffer by)
    {
        ImagePool.Return(old);
        return by;
    }

    private static ImageBuffer Degrade(TrainingTask task, ImageBuffer patch, PhiloxRandom stream)
    {
        if (task.Transform is null)
            return patch;
        (int channels, int height, int width) = (patch.Channels, patch.Height, patch.Width);
        ImageBuffer degraded = task.Transform(patch, stream)
            ?? throw new InvalidOperationException($"Task '{task.Name}': the transform returned no image.");
        return (degraded.Channels, degraded.Height, degraded.Width) == (channels, height, width)
            ? degraded
            : throw new InvalidOperationException(
                $"Task '{task.Name}': the transform made {degraded} of a patch of {channels} x {height} x {width} (channels x height x width); expected the same size.");
    }

    // A strip lies or stands, according to its orientation; its halves are the two patches.
    private void Store(ImageBuffer strip, int size, Span<float> target, bool second)
    {
        if (strip.Height == size && strip.Width == size)
        {
            strip.Samples.CopyTo(target);
            return;
        }

        (int top, int left) = !second ? (0, 0) : strip.Height > strip.Width ? (size, 0) : (0, size);
        for (int c = 0; c < Channels; c++)
        {
            for (int y = 0; y < size; y++)
                strip.Row(c, top + y).Slice(left, size).CopyTo(target.Slice(((c * size) + y) * size, size));
        }
    }

    private void Check(TrainingTask task)
    {
        if (task is null)
            throw new ArgumentException("A task is null.", "tasks");
        if (!(task.Weight > 0 && double.IsFinite(task.Weight)))
            throw new ArgumentException($"Task '{task.Name}': found a weight of {task.Weight}; expected a number above 0.", "tasks");
        if (task.Images is not { Count: > 0 })
            throw new ArgumentException($"Task '{task.Name}' has no image.", "tasks");
        if (!(task.PictureWindows is >= 0 and <= 1))
            throw new ArgumentException($"Task '{task.Name}': found a share of {task.PictureWindows} windows; expected a number in 0..1.", "tasks");
        if (!(task.TurnedWindows is >= 0 and <= 1))
            throw new ArgumentException($"Task '{task.Name}': found a share of {task.TurnedWindows} turned windows; expected a number in 0..1.", "tasks");
        if (task.PictureTransform is not null ? Options.Contrast : Options.Thumbnail > 0)
            throw new ArgumentException($"Task '{task.Name}': expected {(Options.Contrast ? "no picture transform, since contrast wants second patches" : "a picture transform, since thumbnails are asked for")}.", "tasks");
        int largest = Options.AllStages.Max(s => s.PatchSize);
        foreach (TrainingImage image in task.Images)
        {
            if (image.Clean.Height < largest || image.Clean.Width < StripWidth(largest))
            {
                throw new ArgumentException(
                    $"Task '{task.Name}': image '{image.Name}' is {image.Clean} (channels x height x width); expected at least {largest} x {StripWidth(largest)} for one patch.",
                    "tasks");
            }

            if (image.Prepared is { } prepared && !prepared.HasShapeOf(image.Clean))
                throw new ArgumentException($"Task '{task.Name}': image '{image.Name}' is {image.Clean}, its prepared form {prepared}; expected the same size.", "tasks");
        }
    }
}
