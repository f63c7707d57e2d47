using System.Runtime.CompilerServices;

namespace Gir.Models.Tensors.Backends.Cpu;

/// <summary>A list of numbers that needs no memory of its own up to eight entries: the dimensions of a walk.</summary>
internal struct SmallList
{
    private const int Inside = 8;

    private Numbers _first;
    private int[]? _rest;

    public int Count { get; private set; }

    public int this[int index]
    {
        readonly get => index < Inside ? _first[index] : _rest![index - Inside];
        set
        {
            if (index < Inside)
                _first[index] = value;
            else
                _rest![index - Inside] = value;
        }
    }

    public readonly int Last => this[Count - 1];

    public void Add(int value)
    {
        if (Count >= Inside)
            Array.Resize(ref _rest, Count - Inside + 1);
        this[Count++] = value;
    }

    [InlineArray(Inside)]
    private struct Numbers
    {
        private int _number;
    }
}
