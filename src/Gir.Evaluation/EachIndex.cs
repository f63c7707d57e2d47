using Gir.Imaging;

namespace Gir.Evaluation;

/// <summary>Work on several threads that fails as it would on one.</summary>
internal static class EachIndex
{
    /// <summary>Runs an action for every index; of several failures the one of the smallest index is thrown.</summary>
    public static void Run(int count, Parallelism parallelism, CancellationToken cancellationToken, Action<int> action)
    {
        var failures = new EvaluationException?[count];
        parallelism.For(count, 1, new Body(action, failures, cancellationToken), cancellationToken);
        if (failures.FirstOrDefault(f => f is not null) is { } first)
            throw first;
    }

    private readonly struct Body(Action<int> action, EvaluationException?[] failures, CancellationToken cancellationToken) : IRangeBody
    {
        public void Invoke(int start, int end)
        {
            for (int i = start; i < end; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                try
                {
                    action(i);
                }
                catch (EvaluationException e)
                {
                    failures[i] = e;
                }
            }
        }
    }
}
