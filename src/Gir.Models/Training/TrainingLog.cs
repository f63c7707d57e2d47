using System.Globalization;
using System.Text;

namespace Gir.Models.Training;

/// <summary>One row of a training's log.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Loss">The last step's loss.</param>
/// <param name="SmoothedLoss">The loss, smoothed over about 100 steps.</param>
/// <param name="LearningRate">The last step's learning rate.</param>
/// <param name="GradientNorm">L2 norm of the last step's gradient, before clipping.</param>
/// <param name="Validation">The validation's result where there was one at this step.</param>
/// <param name="StepsPerSecond">Speed since the row before.</param>
/// <param name="DataWaitShare">Share of that time spent waiting for patches.</param>
internal sealed record TrainingLogRow(
    long Step, double Loss, double SmoothedLoss, double LearningRate, double GradientNorm, double? Validation, double StepsPerSecond, double DataWaitShare);

/// <summary>The log of a training as comma-separated values.</summary>
internal sealed class TrainingLog : IDisposable
{
    private const string Header = "step,loss,smoothed_loss,learning_rate,gradient_norm,validation,steps_per_second,data_wait_share\n";

    private readonly FileStream _file;

    private readonly string _header;

    public TrainingLog(string path, string header = Header) =>
        (_header, _file) = (header, new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read));

    /// <summary>Forgets rows beyond a step, which the training will do again, and a row that a kill left unfinished.</summary>
    public void TruncateTo(long step)
    {
        var content = new byte[checked((int)_file.Length)];
        _file.Position = 0;
        _file.ReadExactly(content);
        int end = LengthUpTo(content, _header, step);
        _file.SetLength(end);
        _file.Position = end;
        if (end == 0)
            Write(_header);
    }

    public void Append(TrainingLogRow row) => Write(string.Create(
        CultureInfo.InvariantCulture,
        $"{row.Step},{row.Loss},{row.SmoothedLoss},{row.LearningRate},{row.GradientNorm},{row.Validation},{row.StepsPerSecond:F3},{row.DataWaitShare:F4}\n"));

    /// <summary>A row of a log of other columns; numbers that a step did not compute are left out.</summary>
    public void Append(long step, IReadOnlyList<double> numbers) => Write(string.Create(
        CultureInfo.InvariantCulture, $"{step},{string.Join(',', numbers.Select(n => double.IsNaN(n) ? "" : n.ToString("R", CultureInfo.InvariantCulture)))}\n"));

    /// <summary>Puts everything on the disk: a checkpoint must not know steps that the log has lost.</summary>
    public void Flush() => _file.Flush(flushToDisk: true);

    public void Dispose() => _file.Dispose();

    private void Write(string text)
    {
        _file.Write(Encoding.ASCII.GetBytes(text));
        _file.Flush();
    }

    private static int LengthUpTo(ReadOnlySpan<byte> content, string firstRow, long step)
    {
        ReadOnlySpan<byte> header = Encoding.ASCII.GetBytes(firstRow);
        if (!content.StartsWith(header))
            return 0;
        int end = header.Length;
        while (content[end..].IndexOf((byte)'\n') is var length and >= 0)
        {
            ReadOnlySpan<byte> row = content.Slice(end, length);
            int comma = row.IndexOf((byte)',');
            if (comma < 0 || !long.TryParse(row[..comma], NumberStyles.None, CultureInfo.InvariantCulture, out long found) || found > step)
                break;
            end += length + 1;
        }

        return end;
    }
}
