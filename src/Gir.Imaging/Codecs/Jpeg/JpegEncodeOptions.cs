namespace Gir.Imaging.Codecs;

/// <summary>How a JPEG file is written.</summary>
/// <param name="Quality">1..100; scales the tables of ITU-T T.81 Annex K as libjpeg does. Default 95.</param>
/// <param name="Subsampling">Chroma resolution; without effect on gray images. Default <see cref="ChromaSubsampling.Chroma420"/>.</param>
public sealed record JpegEncodeOptions(int Quality = 95, ChromaSubsampling Subsampling = ChromaSubsampling.Chroma420) : ImageEncodeOptions;
