using Gir.Degradations;
using Gir.Degradations.Depth;
using Gir.Evaluation.Execution;
using Gir.Imaging;
using Gir.Imaging.Settings;
using Gir.Metrics;
using Gir.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gir.Evaluation;

/// <summary>Registers the evaluation with a container.</summary>
public static class GirEvaluationServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="Benchmark"/>, and the services of the other packages, each unless it is there already. Metrics come from the
    /// container's <see cref="IMetricCatalog"/>, the depth of images without a map from its <see cref="IDepthEstimator"/>, results are made by its <see cref="IBenchmarkExecutor"/> where it has one, and what happens is told to its loggers.
    /// Its configuration, if it has one, is read first (section "Gir:Evaluation"); the options are validated when the host starts, or when first asked for.
    /// </summary>
    /// <param name="services">The container's services.</param>
    /// <param name="configure">Changes the defaults; may be null.</param>
    public static IServiceCollection AddGirEvaluation(this IServiceCollection services, Action<GirEvaluationOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddGirImaging();
        services.AddGirDegradations();
        services.AddGirMetrics();
        services.AddGirModels();
        services.AddSectionOptions(configure);
        services.TryAddSingleton(Create);
        return services;
    }

    private static Benchmark Create(IServiceProvider provider)
    {
        GirEvaluationOptions options = provider.GetRequiredService<IOptions<GirEvaluationOptions>>().Value;
        IMetricCatalog catalog = provider.GetRequiredService<IMetricCatalog>();
        return new Benchmark(new BenchmarkOptions
        {
            Seed = options.Seed,
            Parallelism = options.Parallelism,
            FullReference = [.. options.FullReference.Select(catalog.FindFullReference)],
            NoReference = [.. options.NoReference.Select(catalog.FindNoReference)],
            DepthEstimator = provider.GetRequiredService<IDepthEstimator>(),
            ResultsPath = options.ResultsPath,
            Generality = options.Generality,
            Executor = provider.GetService<IBenchmarkExecutor>(),
        }, provider.GetService<ILogger<Benchmark>>());
    }
}
