using Orleans;

namespace Gir.Evaluation.Orleans.Messages;

/// <summary>A run's desk on one silo: takes orders, hands results out. Its key is a <see cref="DeskKey"/>.</summary>
/// <remarks>No call computes: work is done by the silo's own threads, and every call ends within seconds.</remarks>
[Alias("gir.desk")]
internal interface IDeskGrain : IGrainWithStringKey
{
    /// <summary>Opens the desk; a second time, nothing changes.</summary>
    [Alias("open")]
    Task<WorkerCard> Open(RunTerms terms);

    /// <summary>Whether the silo has an image.</summary>
    [Alias("has")]
    Task<bool> Has(string hash);

    /// <summary>Hands a part of an image over; parts come in order.</summary>
    [Alias("put")]
    Task Put(ImagePart part);

    /// <summary>Hands orders over and takes results; see <see cref="Turn"/>.</summary>
    [Alias("exchange")]
    Task<Answer> Exchange(Turn turn);

    /// <summary>Gives up what is not done.</summary>
    [Alias("close")]
    Task Close();
}
