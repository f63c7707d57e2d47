using Gir.Models.Tensors;

namespace Gir.Models.Onnx.Recording;

/// <summary>What stands for the memory of a tensor while a forward pass is recorded: the number of the step that wrote it last.</summary>
internal sealed class RecordedStorage(RecordingBackend backend, int length) : TensorStorage
{
    /// <inheritdoc/>
    public override int Length => length;

    /// <inheritdoc/>
    public override bool IsReleased => false;

    /// <summary>The step whose output it holds; -1 for none.</summary>
    public int Step { get; set; } = -1;

    /// <summary>The parts that were written one after another, where no single step wrote it.</summary>
    public List<(int Step, int Length)>? Parts { get; set; }

    /// <summary>The dimension along which the parts lie; -1 while that is not known.</summary>
    public int PartsDimension { get; set; } = -1;

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<float> source) => backend.Write(this, source);

    /// <inheritdoc/>
    public override void Read(Span<float> destination) => throw new OnnxExportException(
        "The network looks at values that it computed from the image; expected a network whose steps do not depend on them.");

    /// <inheritdoc/>
    public override void Release()
    {
    }
}
