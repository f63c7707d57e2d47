using Gir.Benchmarks.Networks;
using Gir.Models.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace Gir.Benchmarks.Peers;

/// <summary>The same network exported by <see cref="OnnxExporter"/>, in ONNX Runtime with its defaults.</summary>
internal sealed class OnnxNetworkPeer(int threads) : INetworkPeer
{
    public string Name => "ONNX Runtime";

    public INetworkPass Open(PublishedNetwork network, float[] image, int size)
    {
        using var model = new MemoryStream();
        OnnxExporter.Export(network.Create(), model);
        using var options = new SessionOptions { IntraOpNumThreads = threads, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        return new Pass(new InferenceSession(model.ToArray(), options), OrtValue.CreateTensorValueFromMemory(image, [1, 3, size, size]));
    }

    private sealed class Pass(InferenceSession session, OrtValue input) : INetworkPass
    {
        private readonly RunOptions _run = new();

        public void Run() => Call().Dispose();

        public float[] Result()
        {
            using IDisposableReadOnlyCollection<OrtValue> outputs = Call();
            return outputs[0].GetTensorDataAsSpan<float>().ToArray();
        }

        public void Dispose()
        {
            input.Dispose();
            session.Dispose();
            _run.Dispose();
        }

        private IDisposableReadOnlyCollection<OrtValue> Call() => session.Run(_run, ["input"], [input], ["output"]);
    }
}
