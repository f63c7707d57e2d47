using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Gir.Models.Tensors;

namespace Gir.Models.Nn;

/// <summary>
/// Small tensors that follow from a configuration alone, made once for each engine: a forward pass that made them anew would copy from the host every time.
/// </summary>
internal static class EngineConstants
{
    // Of one engine together: 4 MiB. Images of many sizes may pass by.
    private const int LargestTotal = 1 << 20;

    private static readonly ConditionalWeakTable<TensorBackend, Table> s_tables = [];

    /// <summary>A constant; nobody changes it or releases its memory.</summary>
    /// <param name="backend">The engine.</param>
    /// <param name="key">What it is: equal keys mean equal values.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="values">Its values, in C order.</param>
    public static Tensor Of<TKey>(TensorBackend backend, TKey key, TensorShape shape, Func<TKey, float[]> values)
        where TKey : struct
    {
        Table table = s_tables.GetValue(backend, static _ => new Table());
        if (table.Tensors.TryGetValue(key, out Tensor? known) && !known.Storage.IsReleased)
            return known;
        Tensor made;
        using (TensorScope.Suspend())
            made = Tensor.From(values(key), shape, backend);
        table.Add(key, made);
        return made;
    }

    private sealed class Table
    {
        private long _total;

        public ConcurrentDictionary<object, Tensor> Tensors { get; } = new();

        public void Add(object key, Tensor tensor)
        {
            if (tensor.Length > LargestTotal)
                return;
            if (Interlocked.Add(ref _total, tensor.Length) > LargestTotal)
            {
                Tensors.Clear();
                Interlocked.Exchange(ref _total, tensor.Length);
            }

            Tensors[key] = tensor;
        }
    }
}
