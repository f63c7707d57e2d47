using System.Globalization;
using Spectre.Console;

namespace Gir.Cli.Shell;

/// <summary>How far a command is, on the error stream: a bar with the time left where somebody is watching, else a line now and then.</summary>
internal sealed class ProgressView(Terminal terminal)
{
    private static readonly TimeSpan s_betweenLines = TimeSpan.FromSeconds(10);

    /// <summary>Shows progress while work goes on.</summary>
    /// <param name="description">What is done, e.g. "Restoring".</param>
    /// <param name="total">How much there is to do; the work may tell better.</param>
    /// <param name="work">Reports to what it is given, from any thread.</param>
    public async Task<T> ShowAsync<T>(string description, double total, Func<IProgress<WorkProgress>, Task<T>> work)
    {
        if (terminal.Quiet)
            return await work(new Sink(_ => { }));
        if (!terminal.ErrorIsTerminal)
            return await work(Lines(description, total));
        return await terminal.CreateErrorConsole().Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                ProgressTask task = context.AddTask(Markup.Escape(description), maxValue: total);
                return await Task.Run(() => work(new Sink(p =>
                {
                    task.MaxValue = p.Total ?? task.MaxValue;
                    task.Value = p.Done;
                    if (p.Description is { } text)
                        task.Description = Markup.Escape(text);
                })));
            });
    }

    /// <inheritdoc cref="ShowAsync{T}(string, double, Func{IProgress{WorkProgress}, Task{T}})"/>
    public Task ShowAsync(string description, double total, Func<IProgress<WorkProgress>, Task> work) => ShowAsync(description, total, async progress =>
    {
        await work(progress);
        return true;
    });

    private Sink Lines(string description, double total)
    {
        long start = terminal.Time.GetTimestamp();
        long last = start;
        return new Sink(p =>
        {
            if (terminal.Time.GetElapsedTime(last) < s_betweenLines)
                return;
            last = terminal.Time.GetTimestamp();
            double whole = p.Total ?? total;
            string left = p.Done > 0 ? Left(terminal.Time.GetElapsedTime(start) * ((whole - p.Done) / p.Done)) : "?";
            terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{p.Description ?? description}: {p.Done:0.#} of {whole:0.#}, left {left}"));
        });
    }

    /// <summary>A time as people read it: 1h05m, 3m20s.</summary>
    public static string Left(TimeSpan left) => left.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)left.TotalHours}h{left.Minutes:00}m")
        : string.Create(CultureInfo.InvariantCulture, $"{left.Minutes}m{left.Seconds:00}s");

    /// <summary>Unlike the framework's, tells at once, in order, one report at a time.</summary>
    private sealed class Sink(Action<WorkProgress> told) : IProgress<WorkProgress>
    {
        private readonly Lock _gate = new();

        public void Report(WorkProgress value)
        {
            lock (_gate)
                told(value);
        }
    }
}

/// <summary>How far some work is.</summary>
/// <param name="Done">Done so far.</param>
/// <param name="Total">Of so much; null where it is as said at the beginning.</param>
/// <param name="Description">What is done now; null where it is as said at the beginning.</param>
internal sealed record WorkProgress(double Done, double? Total = null, string? Description = null);
