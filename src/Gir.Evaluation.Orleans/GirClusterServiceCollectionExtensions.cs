using Gir.Degradations.Depth;
using Gir.Evaluation.Execution;
using Gir.Evaluation.Orleans.Silo;
using Gir.Imaging.Settings;
using Gir.Metrics;
using Gir.Models.Restoration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Hosting;

namespace Gir.Evaluation.Orleans;

/// <summary>Makes a host a silo of a cluster that makes results of benchmarks.</summary>
public static class GirClusterServiceCollectionExtensions
{
    /// <summary>
    /// Makes the host a silo: it works for whoever runs a benchmark on the cluster, from when it starts until it is stopped. The container's <see cref="Benchmark"/>
    /// (<see cref="GirEvaluationServiceCollectionExtensions.AddGirEvaluation"/>) makes its results on the cluster too, through <see cref="IBenchmarkExecutor"/>. Metrics and depth come from the container
    /// where it has them. The container's configuration, if it has one, is read first (section "Gir:Cluster"); options are validated when the host starts.
    /// </summary>
    /// <param name="services">The container's services.</param>
    /// <param name="address">The cluster.</param>
    /// <param name="configure">Changes the defaults; may be null.</param>
    /// <remarks>Silos trust whoever reaches their ports: they belong into a network of their own.</remarks>
    /// <example>
    /// <code>
    /// HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
    /// builder.Services.AddGirEvaluation();
    /// builder.Services.AddGirCluster(ClusterAddress.Parse("redis:db.example/gir"));
    /// await builder.Build().RunAsync();
    /// </code>
    /// </example>
    public static IServiceCollection AddGirCluster(this IServiceCollection services, ClusterAddress address, Action<GirClusterOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(address);
        services.AddSectionOptions(configure);
        services.TryAddSingleton(CreateWorker);
        services.TryAddSingleton(static provider =>
        {
            GirClusterOptions options = Options(provider);
            return new Workshop(provider.GetRequiredService<BenchmarkWorker>(), options.Cores, options.ImageBytes);
        });
        services.TryAddSingleton(static provider => new LineWorkshop(Options(provider).Cores));
        services.TryAddSingleton<IBenchmarkExecutor>(static provider => new ClusterExecutor(
            provider.GetRequiredService<IGrainFactory>(), Options(provider).Execution, provider.GetService<ILogger<ClusterExecutor>>()));
        services.AddOrleans(silo =>
        {
            silo.AddPlacementDirector<AtSiloPlacement, AtSiloDirector>();
            ClusterMembership.Configure(silo, address);
        });
        return services;
    }

    private static GirClusterOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<GirClusterOptions>>().Value;

    private static BenchmarkWorker CreateWorker(IServiceProvider provider)
    {
        GirClusterOptions options = Options(provider);
        IRestorer[] named = [.. options.Models, .. options.Restorers.Select(r => Restorers.Create(r))];
        return new BenchmarkWorker(
            named.Length > 0 ? named : [.. Restorers.All.Select(r => Restorers.Create(r.Name))],
            provider.GetService<IMetricCatalog>(),
            provider.GetService<IDepthEstimator>(),
            provider.GetService<ILogger<BenchmarkWorker>>());
    }
}
