namespace Gir.Soak;

/// <summary>What was found. Safe for concurrent use.</summary>
internal sealed class SoakLog(TextWriter writer)
{
    private const int MostTold = 20;

    private readonly Lock _gate = new();

    public int Failures { get; private set; }

    public void Tell(string line)
    {
        lock (_gate)
        {
            writer.WriteLine(line);
            writer.Flush();
        }
    }

    public void Fail(string line)
    {
        lock (_gate)
        {
            if (++Failures <= MostTold)
                Tell("FAILED " + line);
        }
    }
}
