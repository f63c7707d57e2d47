namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>The form of a Winograd algorithm, F(step x step, kernel x kernel): what a tile's pixels are, how many of them are its own.</summary>
/// <param name="Kernel">Side of the kernel.</param>
/// <param name="Step">Pixels of the output per tile and direction, and from tile to tile: 4 or 2 for kernels of 3, 2 for kernels of 5.</param>
internal readonly record struct WinogradTile(int Kernel, int Step)
{
    /// <summary>Points per direction, which are also the tile's pixels.</summary>
    public int Points => Kernel + Step - 1;

    /// <summary>Elements of a transformed tile.</summary>
    public int Elements => Points * Points;
}
