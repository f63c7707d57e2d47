using Gir.Degradations.Tasks;
using Gir.Evaluation.Lines;
using Gir.Evaluation.Results;
using Gir.Metrics.Analysis;
using Gir.Models.Restoration;

namespace Gir.Evaluation.Generality;

/// <summary>Turns results into rates; see <see cref="GeneralityReport"/>.</summary>
internal sealed class GeneralityCalculator
{
    private readonly ResultStore _results;
    private readonly EvaluationConfiguration _configuration;
    private readonly QualityLines _lines;
    private readonly GeneralityOptions _options;
    private readonly Bootstrap _bootstrap;
    private readonly Scores _input;
    private readonly int[] _judged;
    private readonly QualityLine[] _judgedLines;
    private readonly QualityLine[][] _resampledLines;
    private readonly QualityLine?[] _taskLines;

    /// <summary>A calculator.</summary>
    /// <param name="results">The results.</param>
    /// <param name="lines">The lines.</param>
    /// <param name="options">Comparison and bootstrap.</param>
    /// <param name="configuration">Those tasks and images of the results that are reported; null: all.</param>
    public GeneralityCalculator(ResultStore results, QualityLines lines, GeneralityOptions options, EvaluationConfiguration? configuration = null)
    {
        ArgumentNullException.ThrowIfNull(results);
        options.Validate();
        _results = results;
        _configuration = configuration ?? results.Configuration;
        _lines = lines;
        _options = options;
        if (_configuration.Tasks.Count == 0 || _configuration.Images.Count == 0)
            throw new EvaluationException("A report needs at least one task and one image.");
        if (_configuration.Metrics.All(m => m.Name != GeneralityReport.PsnrName))
            throw new EvaluationException($"A report needs the metric '{GeneralityReport.PsnrName}': rates are made of it.");
        lines.RequireImagesOf(_configuration);
        int images = _configuration.Images.Count;
        _bootstrap = new Bootstrap(images, images > 1 ? options.Resamples : 0, options.Confidence, options.BootstrapSeed);
        _input = Read(ResultRecord.InputName, null);
        _judged = JudgedTasks(lines, _configuration.Tasks, options);
        _judgedLines = LinesOver(AllImages(images));
        _taskLines = new QualityLine?[_configuration.Tasks.Count];
        for (int i = 0; i < _judged.Length; i++)
            _taskLines[_judged[i]] = _judgedLines[i];
        // Lines drawn from the input are drawn again from each resample: they are estimates from the same images.
        _resampledLines = Array.ConvertAll(_bootstrap.Draws, LinesOver);
    }

    public GeneralityReport Report(IReadOnlyList<RestorerInfo> restorers)
    {
        ArgumentNullException.ThrowIfNull(restorers);
        return new GeneralityReport(
            GeneralityReport.FormatName,
            GeneralityReport.CurrentFormatVersion,
            _configuration,
            _configuration.Fingerprint(),
            new LinesDescription(
                _lines.Label,
                _lines.Provenance,
                [.. _judged.Select((t, i) => new TaskLine(_configuration.Tasks[t].Id, _judgedLines[i].Acceptance, _judgedLines[i].Excellence))],
                _lines.Origin.TestSet,
                _lines.Origin.IsReduced,
                _lines.Origin.Settings.Count > 0 ? _lines.Origin.Settings : null,
                _lines.Warning),
            _options.Comparison.Symbol(),
            _bootstrap.Draws.Length > 0 ? new BootstrapDescription(_options.Resamples, _options.Confidence, _options.BootstrapSeed) : null,
            Judge(new RestorerInfo(ResultRecord.InputName, "the degraded image itself"), _input),
            [.. restorers.Select(r => Judge(r, Read(r.Name, r.Identity)))]);
    }

    /// <summary>The tasks that have a line, by index.</summary>
    /// <exception cref="EvaluationException">None has, or one has not and may not be left out.</exception>
    internal static int[] JudgedTasks(QualityLines lines, IReadOnlyList<EvaluatedTask> tasks, GeneralityOptions options)
    {
        int[] judged = [.. Enumerable.Range(0, tasks.Count).Where(t => lines.Covers(tasks[t].Id))];
        if (judged.Length == 0 || (judged.Length < tasks.Count && options.MissingLines == MissingLines.Refuse))
            lines.At(tasks.First(t => !lines.Covers(t.Id)).Id, 0);
        return judged;
    }

    private static int[] AllImages(int count) => [.. Enumerable.Range(0, count)];

    private static double Mean(double[] values, int[] images)
    {
        // Summed in the order of the indices, the same for every restorer: equal values have equal means to the last bit.
        (double sum, int measured) = (0, 0);
        foreach (int image in images)
        {
            if (double.IsNaN(values[image]))
                continue;
            sum += values[image];
            measured++;
        }

        return sum / measured;
    }

    private RestorerGenerality Judge(RestorerInfo info, Scores scores)
    {
        double[] psnr = TaskMeans(scores.Of(GeneralityReport.PsnrName), AllImages(_configuration.Images.Count));
        double[] judged = Judged(psnr);
        double meanMargin = judged.Zip(_judgedLines, (p, line) => p - line.Acceptance).Average();
        TaskOutcome[] outcomes = [.. _configuration.Tasks.Select((task, t) => Outcome(task, t, scores, psnr[t], meanMargin))];
        var subsets = new TaskSubsets(psnr, _taskLines, _options.Comparison);
        IReadOnlyList<TaskSubset> groups = subsets.By(t => [_configuration.Tasks[t].Group.ToString()]);
        return new RestorerGenerality(
            info.Name,
            info.Description,
            info.ParameterCount,
            Rate(scores, GeneralityRates.Acceptance(judged, _judgedLines, _options.Comparison), GeneralityRates.Acceptance),
            Rate(scores, GeneralityRates.Excellence(judged, _judgedLines, _options.Comparison), GeneralityRates.Excellence),
            new OrderedDictionary<string, Estimate>(_configuration.Metrics.Select(m => KeyValuePair.Create(m.Name, Average(scores, m.Name)))),
            outcomes,
            subsets.ByOrder(t => _configuration.Tasks[t].Order),
            subsets.By(t => _configuration.Tasks[t].Operators),
            groups,
            Gap(groups),
            info.Identity)
        {
            NotMeasured = scores.NotMeasured(),
            ByCategory = Categories(scores),
        };
    }

    private TaskOutcome Outcome(EvaluatedTask task, int index, Scores scores, double psnr, double meanMargin)
    {
        int[] all = AllImages(_configuration.Images.Count);
        var means = new OrderedDictionary<string, double>(
            _configuration.Metrics.Select(m => KeyValuePair.Create(m.Name, Mean(scores.Of(m.Name)[index], all))));
        return _taskLines[index] is not { } line
            ? new TaskOutcome(task.Id, means, null, null, null, null, null)
            : new TaskOutcome(
                task.Id,
                means,
                psnr - line.Acceptance,
                psnr - line.Excellence,
                _options.Comparison.Reaches(psnr, line.Acceptance),
                _options.Comparison.Reaches(psnr, line.Excellence),
                psnr - line.Acceptance - meanMargin);
    }

    private CategoryOutcome[]? Categories(Scores scores)
    {
        IGrouping<string, int>[] categories = [.. AllImages(_configuration.Images.Count).GroupBy(i => CategoryOf(_configuration.Images[i].Name), StringComparer.Ordinal)];
        if (categories is [{ Key: "" }])
            return null;
        return [.. categories.Select(category =>
        {
            int[] images = [.. category];
            double[] psnr = Judged(TaskMeans(scores.Of(GeneralityReport.PsnrName), images));
            return new CategoryOutcome(
                category.Key,
                images.Length,
                GeneralityRates.Acceptance(psnr, LinesOver(images), _options.Comparison),
                new OrderedDictionary<string, double>(_configuration.Metrics.Select(m => KeyValuePair.Create(m.Name, Over(scores.Of(m.Name), images)))));
        })];
    }

    private static string CategoryOf(string image) => image.LastIndexOf('/') is > 0 and int end ? image[..end] : "";

    private static double Over(double[][] values, int[] images) => TaskMeans(values, images).Where(m => !double.IsNaN(m)).DefaultIfEmpty(double.NaN).Average();

    private static CrossValidationGap? Gap(IReadOnlyList<TaskSubset> groups)
    {
        TaskSubset? representative = groups.FirstOrDefault(g => g.Name == nameof(DegradationTaskGroup.Representative));
        TaskSubset? cross = groups.FirstOrDefault(g => g.Name == nameof(DegradationTaskGroup.CrossValidation));
        return representative is null || cross is null ? null : TaskSubsets.Gap(representative, cross);
    }

    private delegate double RateOfTasks(ReadOnlySpan<double> psnr, ReadOnlySpan<QualityLine> lines, LineComparison comparison);

    private Estimate Rate(Scores scores, double value, RateOfTasks rate)
    {
        double[][] psnr = scores.Of(GeneralityReport.PsnrName);
        double[] resampled = new double[_bootstrap.Draws.Length];
        for (int r = 0; r < resampled.Length; r++)
            resampled[r] = rate(Judged(TaskMeans(psnr, _bootstrap.Draws[r])), _resampledLines[r], _options.Comparison);
        return _bootstrap.Around(value, resampled);
    }

    private Estimate Average(Scores scores, string metric)
    {
        double[][] values = scores.Of(metric);
        return _bootstrap.Around(Over(values, AllImages(_configuration.Images.Count)), Array.ConvertAll(_bootstrap.Draws, d => Over(values, d)));
    }

    private QualityLine[] LinesOver(int[] images)
    {
        double[] input = TaskMeans(_input.Of(GeneralityReport.PsnrName), images);
        return Array.ConvertAll(_judged, t => _lines.At(_configuration.Tasks[t].Id, input[t]));
    }

    private double[] Judged(double[] ofTasks) => Array.ConvertAll(_judged, t => ofTasks[t]);

    private static double[] TaskMeans(double[][] values, int[] images) => Array.ConvertAll(values, v => Mean(v, images));

    private Scores Read(string restorer, string? identity)
    {
        var scores = new Scores(_configuration);
        for (int t = 0; t < _configuration.Tasks.Count; t++)
        {
            for (int i = 0; i < _configuration.Images.Count; i++)
            {
                (string task, string image) = (_configuration.Tasks[t].Id, _configuration.Images[i].Name);
                ResultRecord record = _results.Find(restorer, task, image, identity)
                    ?? throw new EvaluationException($"There is no result of '{restorer}' on task '{task}', image '{image}': the run is not complete.");
                foreach (EvaluatedMetric metric in _configuration.Metrics)
                    scores.Of(metric.Name)[t][i] = record.Metrics[metric.Name];
            }
        }

        return scores;
    }

    /// <summary>One restorer's values by metric, task and image.</summary>
    private sealed class Scores(EvaluationConfiguration configuration)
    {
        private readonly Dictionary<string, double[][]> _values = configuration.Metrics.ToDictionary(
            m => m.Name,
            _ => configuration.Tasks.Select(_ => new double[configuration.Images.Count]).ToArray());

        public double[][] Of(string metric) => _values[metric];

        public IReadOnlyDictionary<string, int>? NotMeasured()
        {
            var counts = new OrderedDictionary<string, int>(
                from metric in configuration.Metrics
                let count = Of(metric.Name).Sum(task => task.Count(double.IsNaN))
                where count > 0
                select KeyValuePair.Create(metric.Name, count));
            return counts.Count > 0 ? counts : null;
        }
    }
}
