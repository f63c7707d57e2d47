using System.Buffers;

namespace Gir.Models.Tensors.Backends.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <summary>Sums that fixed parts of a job make each for itself, zeros at first; added up in the order of the parts, they do not depend on the number of threads.</summary>
    private readonly ref struct PartialSums
    {
        private readonly double[] _rented;
        private readonly MemoryHandle _pinned;
        private readonly int _parts;
        private readonly int _length;

        /// <param name="parts">Parts.</param>
        /// <param name="length">Sums of a part.</param>
        public PartialSums(int parts, int length)
        {
            (_parts, _length) = (parts, length);
            _rented = ArrayPool<double>.Shared.Rent(Math.Max(1, parts * length));
            _rented.AsSpan(0, parts * length).Clear();
            _pinned = _rented.AsMemory().Pin();
        }

        /// <summary>[parts, length].</summary>
        public double* Start => (double*)_pinned.Pointer;

        /// <summary>Writes the sums of all parts.</summary>
        public void AddUp(Tensor y)
        {
            for (int k = 0; k < _length; k++)
            {
                double total = 0;
                for (int part = 0; part < _parts; part++)
                    total += Start[(part * _length) + k];
                Of(y)[k] = (float)total;
            }
        }

        public void Dispose()
        {
            _pinned.Dispose();
            ArrayPool<double>.Shared.Return(_rented);
        }
    }
}
