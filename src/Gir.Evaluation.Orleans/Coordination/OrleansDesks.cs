using Gir.Evaluation.Orleans.Messages;
using Orleans;
using Orleans.Runtime;

namespace Gir.Evaluation.Orleans.Coordination;

/// <summary>A cluster of Orleans.</summary>
internal sealed class OrleansDesks(IGrainFactory grains) : IDesks
{
    public async Task<IReadOnlyList<string>> SilosAsync()
    {
        Dictionary<SiloAddress, SiloStatus> hosts = await grains.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true);
        return [.. hosts.Keys.Select(h => h.ToParsableString())];
    }

    public IDeskGrain Find(string silo, string run) => grains.GetGrain<IDeskGrain>(DeskKey.Of(silo, run));

    public ILineGrain FindLines(string silo, string run) => grains.GetGrain<ILineGrain>(DeskKey.Of(silo, run));
}
