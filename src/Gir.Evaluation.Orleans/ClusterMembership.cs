using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Clustering.Redis;
using Orleans.Configuration;
using Orleans.Hosting;
using StackExchange.Redis;

namespace Gir.Evaluation.Orleans;

/// <summary>How silos and clients of a cluster are set up.</summary>
internal static class ClusterMembership
{
    // Computations keep all processors busy: a silo is not to be called dead for a slow answer. Coordinators do not wait for that; who joins does.
    private static readonly TimeSpan s_probe = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_join = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_gateways = TimeSpan.FromSeconds(3);

    public static void Configure(ISiloBuilder silo, ClusterAddress address)
    {
        silo.AddActivityPropagation();
        silo.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (address.Name, address.Name));
        silo.Configure<ClusterMembershipOptions>(o =>
        {
            o.ProbeTimeout = s_probe;
            o.NumMissedProbesLimit = 3;
            o.MaxJoinAttemptTime = s_join;
            o.EvictWhenMaxJoinAttemptTimeExceeded = true;
        });
        (int port, int gateway) = address.FreePorts();
        IPAddress own = address.OwnAddress();
        silo.Configure<EndpointOptions>(o =>
        {
            o.AdvertisedIPAddress = own;
            o.SiloPort = port;
            o.GatewayPort = gateway;
            o.SiloListeningEndpoint = new IPEndPoint(IPAddress.IsLoopback(own) ? own : IPAddress.Any, port);
            o.GatewayListeningEndpoint = new IPEndPoint(IPAddress.IsLoopback(own) ? own : IPAddress.Any, gateway);
        });
        if (address.Kind == ClusterKind.Localhost)
            silo.UseDevelopmentClustering(new IPEndPoint(IPAddress.Loopback, address.Port));
        else
            silo.UseRedisClustering(o => o.ConfigurationOptions = Redis(address));
    }

    public static void Configure(IClientBuilder client, ClusterAddress address, TimeSpan silence)
    {
        client.AddActivityPropagation();
        client.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (address.Name, address.Name));
        client.Configure<GatewayOptions>(o => o.GatewayListRefreshPeriod = s_gateways);
        client.Configure<ClientMessagingOptions>(o => o.ResponseTimeout = silence);
        if (address.Kind == ClusterKind.Localhost)
            client.UseStaticClustering(new IPEndPoint(IPAddress.Loopback, address.GatewayPort));
        else
            client.UseRedisClustering(o => o.ConfigurationOptions = Redis(address));
    }

    private static ConfigurationOptions Redis(ClusterAddress address) => new()
    {
        EndPoints = { { address.Host, address.Port } },
        AbortOnConnectFail = true,
        ConnectRetry = 1,
        ConnectTimeout = 3000,
    };
}
