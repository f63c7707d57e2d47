// A hosted worker that restores whatever lands in a folder, until the host stops it.
//   dotnet run -c Release --project samples/HostedWorker -- INCOMING RESTORED
// Without arguments it works on two scenes of its own and stops.
using Gir.Imaging;
using Gir.Imaging.Codecs;
using Gir.Imaging.Scenes;
using Gir.Models;
using Gir.Models.Restoration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

Folders folders = args.Length == 2 ? new Folders(args[0], args[1]) : Folders.WithScenes();
HostApplicationBuilder builder = Host.CreateApplicationBuilder();
builder.Services.AddGirModels();
builder.Services.AddSingleton(folders);
builder.Services.AddHostedService<RestorationWorker>();
await builder.Build().RunAsync();
return folders.IsTrial && Directory.GetFiles(folders.Restored).Length != 2 ? 1 : 0;

internal sealed class RestorationWorker(
    [FromKeyedServices("gir-v1")] IRestorer restorer, Folders folders, IHostApplicationLifetime host, ILogger<RestorationWorker> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Directory.CreateDirectory(folders.Restored);
        while (!stoppingToken.IsCancellationRequested)
        {
            foreach (string file in Directory.EnumerateFiles(folders.Incoming).Where(f => ImageCodecs.FindByExtension(f) is not null && !File.Exists(folders.Target(f))))
            {
                try
                {
                    ImageFile.Save(folders.Target(file), await restorer.RestoreAsync(ImageFile.Load(file), progress: null, stoppingToken));
                    log.LogInformation("{File} restored by {Model}", file, restorer.Info.Name);
                }
                catch (Exception e) when (e is GirException or IOException)
                {
                    log.LogWarning("{File} left out: {Reason}", file, e.Message);
                }
            }

            if (folders.IsTrial)
                host.StopApplication();
            await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken);
        }
    }
}

internal sealed record Folders(string Incoming, string Restored, bool IsTrial = false)
{
    public string Target(string file) => Path.Combine(Restored, Path.GetFileNameWithoutExtension(file) + ".png");

    public static Folders WithScenes()
    {
        string root = Directory.CreateTempSubdirectory("gir-worker-").FullName;
        for (ulong seed = 1; seed <= 2; seed++)
            ImageFile.Save(Path.Combine(root, $"scene-{seed}.png"), SceneGenerator.Create(seed, 48, 64).Image);
        return new Folders(root, Directory.CreateDirectory(Path.Combine(root, "restored")).FullName, IsTrial: true);
    }
}
