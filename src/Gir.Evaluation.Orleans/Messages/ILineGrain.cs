using Gir.Evaluation.Recipes;
using Orleans;

namespace Gir.Evaluation.Orleans.Messages;

/// <summary>A training of lines on one silo: takes networks to make, tells how far they are. Its key is a <see cref="DeskKey"/>.</summary>
/// <remarks>No call computes: networks are trained by the silo's own threads. Every call may be made twice.</remarks>
[Alias("gir.lines")]
internal interface ILineGrain : IGrainWithStringKey
{
    /// <summary>Opens the training.</summary>
    [Alias("open")]
    Task<LineCard> Open(LineOffer offer);

    /// <summary>Hands networks over, those that were handed over before among them, and asks how far all are.</summary>
    [Alias("exchange")]
    Task<LineState[]> Exchange(LineOrder[] orders);

    /// <summary>Stops what is not done; its state is saved.</summary>
    [Alias("close")]
    Task Close();
}

/// <summary>The <see cref="LineTerms"/> of a training, and how a silo finds out that it can reach its folder.</summary>
/// <param name="Version">See there.</param>
/// <param name="Acceptance">See there.</param>
/// <param name="Excellence">See there.</param>
/// <param name="Tasks">See there.</param>
/// <param name="TestSet">See there.</param>
/// <param name="TestSetHash">See there.</param>
/// <param name="Output">See there.</param>
/// <param name="Token">A file that the coordinator has put into the folder.</param>
[GenerateSerializer, Immutable, Alias("gir.lines-offer")]
internal sealed record LineOffer(string Version, string Acceptance, string Excellence, string[] Tasks, string TestSet, string TestSetHash, string Output, string Token)
{
    public static LineOffer Of(LineTerms terms, string token) =>
        new(terms.Version, terms.Acceptance, terms.Excellence, [.. terms.Tasks], terms.TestSet, terms.TestSetHash, terms.Output, token);

    public LineTerms Terms => new(Version, Acceptance, Excellence, Tasks, TestSet, TestSetHash, Output);
}

/// <summary>What a silo answers to an offer.</summary>
/// <param name="Cores">How many networks it trains at a time.</param>
/// <param name="Unfit">Why it cannot take part; null where it can.</param>
[GenerateSerializer, Immutable, Alias("gir.lines-card")]
internal sealed record LineCard(int Cores, string? Unfit);

/// <summary>A network to make.</summary>
/// <param name="Id">Unique within the run.</param>
/// <param name="Index">The task's place.</param>
/// <param name="Task">The task's id.</param>
/// <param name="Kind">The <see cref="LineKind"/>.</param>
[GenerateSerializer, Immutable, Alias("gir.lines-order")]
internal sealed record LineOrder(long Id, int Index, string Task, int Kind)
{
    public LineWork Work => new(Index, Task, (LineKind)Kind);

    public static LineOrder Of(long id, LineWork work) => new(id, work.Index, work.Task, (int)work.Kind);
}

/// <summary>How far a network is.</summary>
/// <param name="Id">The order's.</param>
/// <param name="Step">Steps done; 0 while images are made.</param>
/// <param name="Total">Steps of the whole training; 0 while images are made.</param>
/// <param name="StepsPerSecond">Its speed.</param>
/// <param name="Loss">The smoothed loss.</param>
/// <param name="LearningRate">The learning rate.</param>
/// <param name="Psnr">The line, once it is measured.</param>
/// <param name="IsDone">Whether it is trained and measured.</param>
/// <param name="Fault">What went wrong; null: nothing has.</param>
[GenerateSerializer, Immutable, Alias("gir.lines-state")]
internal sealed record LineState(long Id, long Step, long Total, double StepsPerSecond, double Loss, double LearningRate, double? Psnr, bool IsDone, string? Fault);
