namespace Gir.Benchmarks.Networks;

/// <summary>Something else that runs Gir's networks, with the same weights.</summary>
internal interface INetworkPeer
{
    /// <summary>What tables call it.</summary>
    string Name { get; }

    /// <summary>Makes a network ready for one image.</summary>
    /// <param name="network">The network.</param>
    /// <param name="image">Samples of the image, [1, 3, size, size].</param>
    /// <param name="size">Its height and width.</param>
    INetworkPass Open(PublishedNetwork network, float[] image, int size);
}

/// <summary>One network with its image, on a peer.</summary>
internal interface INetworkPass : IDisposable
{
    /// <summary>A forward pass.</summary>
    void Run();

    /// <summary>A forward pass whose result is fetched.</summary>
    float[] Result();
}
