using Gir.Degradations;
using Gir.Degradations.Depth;
using Gir.Degradations.Tasks;
using Gir.Imaging;
using Gir.Imaging.Random;
using Gir.Models.Training;

namespace Gir.Evaluation.Recipes;

/// <summary>
/// Degrades whole pictures by pipelines drawn for each: Eq. 4 of the GIR paper, with the shares and weights that a recipe says. Weather, lines and borders
/// are then those of whole pictures, as in the evaluation.
/// </summary>
internal sealed class PictureSampler
{
    private readonly RecipeSampling _sampling;
    private readonly Choice _weather;
    private readonly Choice _later;
    private readonly WeightedChoice? _orders;
    private readonly double _weatherShare;

    public PictureSampler(RecipeSampling sampling)
    {
        _sampling = sampling;
        _weather = new Choice(DegradationCatalog.All.Where(d => d.IsWeather), sampling);
        _later = new Choice(DegradationCatalog.All.Where(d => !d.IsWeather), sampling);
        _orders = sampling.Orders.Count > 0 ? new WeightedChoice(sampling.Orders) : null;
        _weatherShare = sampling.Weather ?? _weather.Total / (_weather.Total + _later.Total);
    }

    /// <summary>The degraded picture; the clean one itself where the draw says so.</summary>
    public ImageBuffer Degrade(TrainingImage picture, PhiloxRandom random)
    {
        if (random.NextDouble() < _sampling.Clean)
            return picture.Clean;
        var operators = new IDegradation[_orders is null ? random.NextInteger(1, DegradationPipeline.PaperMaximumOrder) : 1 + _orders.Draw(random)];
        for (int i = 0; i < operators.Length; i++)
        {
            Choice choice = i == 0 && random.NextDouble() < _weatherShare ? _weather : _later;
            operators[i] = choice.Draw(random).Sample(random);
        }

        return Apply(new DegradationPipeline(operators, PatchPipeline.Options), picture, random);
    }

    /// <summary>The transform of a task whose degradations are given.</summary>
    public static PictureTransform Fixed(DegradationTask task)
    {
        var pipeline = new DegradationPipeline(task.Pipeline.Operators, PatchPipeline.Options);
        return (picture, random) => Apply(pipeline, picture, random);
    }

    private static ImageBuffer Apply(DegradationPipeline pipeline, TrainingImage picture, PhiloxRandom random) => pipeline.Degrade(
        picture.Clean, random.NextSeed(), picture.Name, picture.Depth, picture.Depth is null ? new HeuristicDepthEstimator() : null);

    /// <summary>Operators by weight.</summary>
    private sealed class Choice
    {
        private readonly DegradationDescriptor[] _operators;
        private readonly WeightedChoice _choice;

        public Choice(IEnumerable<DegradationDescriptor> operators, RecipeSampling sampling)
        {
            _operators = [.. operators];
            _choice = new WeightedChoice(_operators.Select(o => sampling.Operators.TryGetValue(o.Name, out double weight) ? weight : 1));
        }

        public double Total => _choice.Total;

        public DegradationDescriptor Draw(PhiloxRandom random) => _operators[_choice.Draw(random)];
    }
}
