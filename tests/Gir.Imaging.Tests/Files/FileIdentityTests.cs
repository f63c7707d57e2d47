using Gir.Imaging.Files;

namespace Gir.Imaging.Tests.Files;

public sealed class FileIdentityTests
{
    private string _folder = string.Empty;

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("gir-identity-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Links_and_spellings_of_one_file_are_the_same()
    {
        string file = Touch("in/a.png");
        Directory.CreateSymbolicLink(At("out"), At("in"));
        File.CreateSymbolicLink(At("alias.png"), file);
        Assert.That(FileIdentity.AreSame(file, At("out/a.png")));
        Assert.That(FileIdentity.AreSame(file, At("alias.png")));
        Assert.That(FileIdentity.AreSame(file, At("in/../in/./a.png")));
        Assert.That(FileIdentity.AreSame(At("in"), At("out")), "directories too");
        Assert.That(FileIdentity.AreSame(file, Touch("in/b.png")), Is.False);
        Assert.That(FileIdentity.AreSame(file, Touch("other/a.png")), Is.False);
        if (!OperatingSystem.IsLinux())
            return;
        PosixFiles.MakeHardLink(file, At("hard.png"));
        Assert.That(FileIdentity.AreSame(file, At("hard.png")));
    }

    [Test]
    public void Files_that_are_not_there_yet_are_compared_by_where_they_will_be()
    {
        Directory.CreateDirectory(At("in"));
        Directory.CreateSymbolicLink(At("out"), At("in"));
        File.CreateSymbolicLink(At("dangling.png"), At("in/new.png"));
        Assert.That(FileIdentity.AreSame(At("in/new.png"), At("out/new.png")));
        Assert.That(FileIdentity.AreSame(At("in/new.png"), At("dangling.png")));
        Assert.That(FileIdentity.AreSame(At("in/new.png"), At("in/newer.png")), Is.False);
        Assert.That(FileIdentity.AreSame(At("in/new.png"), Touch("in/there.png")), Is.False);
    }

    [Test]
    public void A_link_to_itself_ends()
    {
        File.CreateSymbolicLink(At("loop"), At("loop"));
        Assert.That(FileIdentity.AreSame(At("loop"), At("loop")));
        Assert.That(FileIdentity.AreSame(At("loop"), At("other")), Is.False);
    }

    [Test]
    public void The_kinds_of_files_are_told_apart()
    {
        Assert.That(FileStatus.Of(At("none")).Kind, Is.EqualTo(FileKind.Missing));
        Assert.That(FileStatus.Of(_folder).Kind, Is.EqualTo(FileKind.Directory));
        Assert.That(FileStatus.Of(Touch("a")).Kind, Is.EqualTo(FileKind.Regular));
        PosixFiles.MakePipe(At("pipe"));
        Assert.That(FileStatus.Of(At("pipe")).Kind, Is.EqualTo(FileKind.Special));
        Assert.That(FileStatus.Of("/dev/null").Kind, Is.EqualTo(FileKind.Special));
    }

    private string At(string name) => Path.Combine(_folder, name);

    private string Touch(string name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.WriteAllText(At(name), name);
        return At(name);
    }
}
