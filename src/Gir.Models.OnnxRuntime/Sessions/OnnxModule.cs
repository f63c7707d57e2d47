using Gir.Models.Nn;
using Gir.Models.Onnx;
using Gir.Models.Restoration;
using Gir.Models.Tensors;

namespace Gir.Models.OnnxRuntime.Sessions;

/// <summary>A model as a part of a network: images in, images out; a model of one size sees larger images in parts.</summary>
internal sealed class OnnxModule(OnnxSession session, OnnxModelDescription description, int outputChannels, int? overlapWanted) : Module, IRunsElsewhere
{
    private readonly int _overlap = overlapWanted ?? description.TileOverlap;

    public int ThumbnailSize => description.ThumbnailSize;

    public Tensor Run(Tensor x, Tensor? thumbnail)
    {
        if (description.FixedSize is not (int height, int width))
            return Whole(x, thumbnail);
        var images = new Tensor[x.Shape[0]];
        for (int i = 0; i < images.Length; i++)
        {
            Tensor image = x.Narrow(0, i, 1);
            (int bottom, int right) = (Math.Max(0, height - image.Shape[2]), Math.Max(0, width - image.Shape[3]));
            if (bottom + right > 0)
                image = image.Pad2d(bottom < image.Shape[2] && right < image.Shape[3] ? TensorPadMode.Reflect : TensorPadMode.Replicate, 0, right, 0, bottom);
            Tensor whole = InParts(image, thumbnail?.Narrow(0, i, 1), height, width);
            images[i] = bottom + right == 0 ? whole : whole.Narrow(2, 0, x.Shape[2] * description.Scale).Narrow(3, 0, x.Shape[3] * description.Scale);
        }

        return images.Length == 1 ? images[0] : TensorOps.Concatenate(0, images);
    }

    protected override Tensor Forward(Tensor x) => Run(x, null);

    private Tensor Whole(Tensor x, Tensor? thumbnail) =>
        session.Run(x, thumbnail, [x.Shape[0], outputChannels, x.Shape[2] * description.Scale, x.Shape[3] * description.Scale]);

    private Tensor InParts(Tensor x, Tensor? thumbnail, int height, int width)
    {
        int scale = description.Scale;
        TileAxis rows = TileAxis.Create(x.Shape[2], height, Math.Min(_overlap, height / 2), 1, scale);
        TileAxis columns = TileAxis.Create(x.Shape[3], width, Math.Min(_overlap, width / 2), 1, scale);
        Tensor? result = null;
        for (int i = 0; i < rows.Count; i++)
        {
            Tensor? band = null;
            for (int j = 0; j < columns.Count; j++)
            {
                ForwardCancellation.ThrowIfRequested();
                Tensor part = Whole(x.Narrow(2, rows.Start(i), height).Narrow(3, columns.Start(j), width), thumbnail);
                Tensor weighted = part * Tensor.From(columns.Weights(j), [1, 1, 1, width * scale], x.Backend);
                band = Add(band, Placed(weighted, left: columns.Start(j) * scale, of: x.Shape[3] * scale));
            }

            Tensor rowWeights = Tensor.From(rows.Weights(i), [1, 1, height * scale, 1], x.Backend);
            (int top, int all) = (rows.Start(i) * scale, x.Shape[2] * scale);
            result = Add(result, (band! * rowWeights).Pad2d(TensorPadMode.Constant, 0, 0, top, all - top - (height * scale)));
        }

        return result!;
    }

    private static Tensor Placed(Tensor part, int left, int of) => part.Pad2d(TensorPadMode.Constant, left, of - left - part.Shape[3], 0, 0);

    private static Tensor Add(Tensor? sum, Tensor part) => sum is null ? part : sum + part;
}

/// <summary>A model that looks at the whole picture once: its code is the thumbnail.</summary>
internal sealed class PictureConditionedOnnxModule(OnnxModule module) : Module, IPictureConditioned, IRunsElsewhere
{
    public int ThumbnailSize => module.ThumbnailSize;

    public Tensor Encode(Tensor thumbnails) => thumbnails.Reshape(thumbnails.Shape[0], -1);

    public Tensor Call(Tensor x, Tensor code) => module.Run(x, code.Reshape(x.Shape[0], -1, ThumbnailSize, ThumbnailSize));

    protected override Tensor Forward(Tensor x) => module.Run(x, PictureThumbnail.Of(x, ThumbnailSize));
}
