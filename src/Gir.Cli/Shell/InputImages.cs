using Gir.Imaging.Codecs;
using Gir.Imaging.Files;

namespace Gir.Cli.Shell;

/// <summary>The images of an option: one file or pipe, or the files of a folder.</summary>
internal sealed record InputImages(IReadOnlyList<InputImage> Images, bool IsFolder)
{
    /// <summary>The file or pipe itself, or the image files of a folder (not of its subfolders) in ordinal order.</summary>
    /// <param name="path">A file, a folder, a pipe, or "-" for the terminal's input.</param>
    /// <param name="terminal">Is told what a folder holds that is no image file.</param>
    /// <param name="limit">At most so many of a folder.</param>
    /// <exception cref="UsageException">There is nothing of that name, or the folder holds no images.</exception>
    public static InputImages Find(string path, Terminal terminal, int? limit = null)
    {
        if (path == InputImage.StandardInput)
            return One(InputImage.Pipe(path, terminal.OpenInput));
        return FileStatus.Of(path).Kind switch
        {
            FileKind.Regular => One(InputImage.File(path)),
            FileKind.Special => One(InputImage.Pipe(path, () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0))),
            FileKind.Directory => new InputImages(InFolder(path, terminal, limit), IsFolder: true),
            _ when IsLink(path) => throw new UsageException($"'{path}' is a link that leads nowhere; expected an image file or a folder of image files."),
            _ => throw new UsageException($"'{path}' does not exist; expected an image file or a folder of image files."),
        };
    }

    /// <summary>Reads what comes from pipes, which may take until somebody writes.</summary>
    public async Task ReadPipesAsync(CancellationToken cancellationToken)
    {
        foreach (InputImage image in Images.Where(i => i.IsPipe))
            await Task.Run(image.ReadInfo, cancellationToken).WaitAsync(cancellationToken);
    }

    private static InputImages One(InputImage image) => new([image], IsFolder: false);

    private static IReadOnlyList<InputImage> InFolder(string path, Terminal terminal, int? limit)
    {
        ImageFolder folder = ImageFolder.Read(path);
        foreach (LeftOutFile skipped in folder.Skipped)
            terminal.Note($"note: '{skipped.Path}' is skipped: {skipped.Reason}.");
        // What cannot be opened is an image still, and told as a failure when its turn comes.
        string[] files = [.. folder.Files.Concat(folder.Unreadable.Select(u => u.Path)).OrderBy(Path.GetFileName, StringComparer.Ordinal)];
        if (files.Length == 0)
            throw new UsageException($"'{path}' holds no image files ({string.Join(", ", ImageCodecs.All.SelectMany(c => c.Extensions))}).");
        return [.. files.Take(limit ?? int.MaxValue).Select(InputImage.File)];
    }

    private static bool IsLink(string path) => new FileInfo(path).LinkTarget is not null;
}
