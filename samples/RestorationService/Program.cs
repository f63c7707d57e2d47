// A web service that restores images: POST an image file to /restore/gir-v1 and get a PNG file back.
//   dotnet run -c Release --project samples/RestorationService
//   curl --data-binary @bad.jpg http://localhost:5000/restore/gir-v1 > good.png
// With --try it asks itself once and stops.
using Gir.Imaging;
using Gir.Imaging.Codecs;
using Gir.Imaging.Scenes;
using Gir.Models;
using Gir.Models.Restoration;

const int LargestFile = 16 << 20;
bool isTrial = args.Contains("--try");

WebApplicationBuilder builder = WebApplication.CreateBuilder(args.Where(a => a != "--try").ToArray());
builder.WebHost.ConfigureKestrel(server => server.Limits.MaxRequestBodySize = LargestFile);
builder.Services.AddGirModels();
if (isTrial)
    builder.WebHost.UseUrls("http://127.0.0.1:0");
WebApplication app = builder.Build();

app.MapPost("/restore/{model}", async (string model, HttpRequest request, IServiceProvider services, RestorationQueue queue, CancellationToken stop) =>
{
    if (services.GetKeyedService<IRestorer>(model) is not { } restorer)
        return Results.NotFound($"There is no model '{model}'.");
    using var body = new MemoryStream();
    await request.Body.CopyToAsync(body, stop);
    try
    {
        // Limits on what a file may claim protect the service from small files that pretend to be large.
        ImageBuffer image = ImageFile.Decode(body.ToArray(), new ImageDecodeOptions { MaxPixels = 1 << 22 });
        (ImageBuffer color, ImageBuffer? alpha) = image.SplitAlpha();
        ImageBuffer restored = await queue.RestoreAsync(restorer, color, progress: null, stop);
        return Results.Bytes(ImageFile.Encode(restored.WithAlpha(alpha)), "image/png");
    }
    catch (RestorationQueueFullException e)
    {
        return Results.Text(e.Message, statusCode: StatusCodes.Status503ServiceUnavailable);
    }
    catch (GirException e)
    {
        return Results.BadRequest(e.Message);
    }
});

if (!isTrial)
{
    app.Run();
    return 0;
}

await app.StartAsync();
using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
ImageBuffer scene = SceneGenerator.Create(1, 48, 64).Image;
using HttpResponseMessage answer = await client.PostAsync("restore/gir-v1", new ByteArrayContent(ImageFile.Encode(scene)));
ImageBuffer result = ImageFile.Decode(await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync());
using HttpResponseMessage refused = await client.PostAsync("restore/gir-v1", new ByteArrayContent([1, 2, 3]));
Console.WriteLine($"{scene} came back as {result}; three bytes that are no image: {(int)refused.StatusCode}.");
await app.StopAsync();
return result.Height == scene.Height && (int)refused.StatusCode == 400 ? 0 : 1;
