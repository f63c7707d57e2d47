using Gir.Benchmarks.Networks;
using Gir.Models.Nn;
using Gir.Models.Tensors;
using Gir.Models.Tensors.Autograd;
using Gir.Models.TorchSharp;

namespace Gir.Benchmarks.Peers;

/// <summary>The same network on libtorch, through Gir.Models.TorchSharp.</summary>
internal sealed class TorchNetworkPeer(TorchBackend engine) : INetworkPeer
{
    public string Name => "libtorch";

    public INetworkPass Open(PublishedNetwork network, float[] image, int size)
    {
        using TensorBackend.EngineScope use = TensorBackend.Use(engine);
        return new Pass(engine, network.Create().Module, Tensor.From(image, [1, 3, size, size]));
    }

    private sealed class Pass(TorchBackend engine, Module network, Tensor image) : INetworkPass
    {
        public void Run()
        {
            using Tape.NoGradientScope quiet = Tape.NoGradient();
            using TensorScope scope = TensorScope.Enter();
            network.Call(image);
            Libtorch.Wait(engine);
        }

        public float[] Result()
        {
            using Tape.NoGradientScope quiet = Tape.NoGradient();
            using TensorScope scope = TensorScope.Enter();
            return network.Call(image).ToArray();
        }

        public void Dispose()
        {
            foreach (Tensor parameter in network.Parameters())
                parameter.Storage.Release();
        }
    }
}
