using Orleans;

namespace Gir.Evaluation.Orleans.Messages;

/// <summary>A restorer as results know it.</summary>
[GenerateSerializer, Immutable, Alias("gir.restorer")]
internal sealed record RestorerKey(string Name, string? Identity);

/// <summary>A metric as results know it.</summary>
[GenerateSerializer, Immutable, Alias("gir.metric")]
internal sealed record MetricTerms(string Name, string Convention, bool HigherIsBetter, bool ZeroIsBest);

/// <summary>A task: the pipeline is JSON.</summary>
[GenerateSerializer, Immutable, Alias("gir.task")]
internal sealed record TaskTerms(string Id, string Pipeline);

/// <summary>All that a silo has to know of a run, once; orders then speak of places in it.</summary>
[GenerateSerializer, Immutable, Alias("gir.terms")]
internal sealed record RunTerms(
    string Version,
    ulong Seed,
    string[] FullReference,
    string[] NoReference,
    MetricTerms[] Metrics,
    string? DepthEstimator,
    TaskTerms[] Tasks,
    RestorerKey[] Restorers);

/// <summary>What a silo answers to a run's terms.</summary>
/// <param name="Cores">How many orders it works on at a time.</param>
/// <param name="Unfit">Why it cannot take part; null where it can.</param>
/// <param name="Restorers">Which of the run's restorers it has, by their places.</param>
[GenerateSerializer, Immutable, Alias("gir.card")]
internal sealed record WorkerCard(int Cores, string? Unfit, int[] Restorers);

/// <summary>Some tasks on one image.</summary>
/// <param name="Id">Unique within the run.</param>
/// <param name="ImageName">The image's name: random draws are made by it.</param>
/// <param name="Image">Hash of its packed samples.</param>
/// <param name="Depth">Hash of its packed depth; null where there is none, or none is needed.</param>
/// <param name="Parts">The tasks.</param>
[GenerateSerializer, Immutable, Alias("gir.order")]
internal sealed record Order(long Id, string ImageName, string Image, string? Depth, OrderPart[] Parts);

/// <summary>A task, and who is to be scored on it.</summary>
/// <param name="Item">The item of the job that it belongs to.</param>
/// <param name="Task">The task, by its place.</param>
/// <param name="Input">Whether the degraded image itself is to be scored.</param>
/// <param name="Restorers">The restorers, by their places in the run.</param>
[GenerateSerializer, Immutable, Alias("gir.part")]
internal sealed record OrderPart(int Item, int Task, bool Input, int[] Restorers);

/// <summary>A result.</summary>
/// <param name="Item">The item of the job.</param>
/// <param name="Restorer">The restorer by its place; -1: the degraded image itself.</param>
/// <param name="Values">The metrics' values, in the order of the terms.</param>
/// <param name="Seconds">How long it took.</param>
[GenerateSerializer, Immutable, Alias("gir.made")]
internal sealed record Made(int Item, int Restorer, double[] Values, float Seconds);

/// <summary>An order that a silo is done with.</summary>
/// <param name="Order">The order.</param>
/// <param name="Reason">What went wrong; null: nothing did.</param>
/// <param name="IsImages">Whether that is the image's own fault: no other silo would do better.</param>
[GenerateSerializer, Immutable, Alias("gir.finished")]
internal sealed record Finished(long Order, string? Reason, bool IsImages);

/// <summary>The coordinator's turn: what has arrived, and what is to be done next.</summary>
/// <param name="Acknowledged">Everything up to this number has arrived, and may be forgotten.</param>
/// <param name="Orders">New orders; those that were sent before are ignored.</param>
/// <param name="Wait">How long the answer may take while there is nothing that cannot wait.</param>
[GenerateSerializer, Immutable, Alias("gir.turn")]
internal sealed record Turn(long Acknowledged, Order[] Orders, TimeSpan Wait);

/// <summary>The silo's turn: everything that is not acknowledged yet.</summary>
/// <param name="Upto">The number to acknowledge it by.</param>
/// <param name="Made">Results.</param>
/// <param name="Finished">Orders that are done, after all of their results.</param>
/// <param name="Missing">Hashes of images that orders need and the silo does not have (any more).</param>
[GenerateSerializer, Immutable, Alias("gir.answer")]
internal sealed record Answer(long Upto, Made[] Made, Finished[] Finished, string[] Missing);

/// <summary>A part of a packed image.</summary>
/// <param name="Hash">SHA-256 of the whole.</param>
/// <param name="Length">Bytes of the whole.</param>
/// <param name="Offset">Where the part begins.</param>
/// <param name="Bytes">The part.</param>
[GenerateSerializer, Immutable, Alias("gir.image")]
internal sealed record ImagePart(string Hash, int Length, int Offset, byte[] Bytes);
