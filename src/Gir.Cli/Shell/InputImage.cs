using Gir.Imaging.Codecs;
using Gir.Imaging.Files;

namespace Gir.Cli.Shell;

/// <summary>An image that a user points at: a file, or a pipe, which can be read once and is kept.</summary>
internal sealed class InputImage
{
    /// <summary>Names the process's input.</summary>
    public const string StandardInput = "-";

    private readonly Lazy<byte[]>? _content;

    private InputImage(string path, string name, Func<Stream>? open)
    {
        (Path, Name) = (path, name);
        if (open is not null)
            _content = new Lazy<byte[]>(() => ReadAll(open));
    }

    /// <summary>The file, as the user called it.</summary>
    public string Path { get; }

    /// <summary>The file's name without its folder: the key of random draws and records.</summary>
    public string Name { get; }

    /// <summary>Whether it is a pipe or a device.</summary>
    public bool IsPipe => _content is not null;

    /// <summary>The name that results are called after, without extension.</summary>
    public string Stem => System.IO.Path.GetFileNameWithoutExtension(Name);

    public static InputImage File(string path) => new(path, System.IO.Path.GetFileName(path), open: null);

    public static InputImage Pipe(string path, Func<Stream> open) =>
        new(path, path == StandardInput ? "stdin" : System.IO.Path.GetFileName(path), open);

    /// <summary>What the header says.</summary>
    public ImageFileInfo ReadInfo() => _content is null
        ? ImageFile.ReadInfo(Path)
        : Named(() => (ImageCodecs.FindByContent(_content.Value) ?? throw Unknown()).ReadInfo(_content.Value));

    /// <summary>The image, color and alpha apart.</summary>
    public Picture Load()
    {
        DecodedImage decoded = _content is null ? ImageFile.Read(Path) : Named(() => ImageFile.Read(new MemoryStream(_content.Value)));
        return Picture.Of(decoded.Image, decoded.Info);
    }

    private byte[] ReadAll(Func<Stream> open)
    {
        using Stream stream = open();
        long most = ImageDecodeOptions.Default.MaxFileBytes;
        if (!BoundedBytes.TryRead(stream, [], most, out ReadOnlyMemory<byte> content))
            throw new UsageException($"{Path}: more than {most} bytes; expected an image file.");
        return content.Length > 0 ? content.ToArray() : throw new UsageException($"{Path}: nothing came; expected an image file.");
    }

    private T Named<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (ImageFormatException e)
        {
            throw new UsageException($"{Path}: {e.Message}");
        }
    }

    private UsageException Unknown() => new($"{Path}: of no known image format ({string.Join(", ", ImageCodecs.All.Select(c => c.Name))}).");
}
