using System.Runtime.ExceptionServices;

namespace Gir.Evaluation.Recipes;

/// <summary>What several threads throw comes as one exception of many; here the first comes out as it was.</summary>
internal static class ParallelFailure
{
    public static void Unwrap(Action work)
    {
        try
        {
            work();
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.Flatten().InnerExceptions[0]);
        }
    }
}
