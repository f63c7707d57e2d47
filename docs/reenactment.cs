#:project ../src/Gir.Evaluation/Gir.Evaluation.csproj
#:property PublishAot=false
// Makes a figure of docs/reenactment.md, and prints its table, from a report of Evaluate.
// Run from the repository's root: dotnet run docs/reenactment.cs -- REPORT.json FIGURE.svg
using System.Globalization;
using System.Text;
using Gir.Evaluation.Generality;

const int BarHeight = 14;
const int RowHeight = 44;
const int Left = 150;
const int PixelsPerDecibel = 60;
const int Width = 720;

GeneralityReport report = GeneralityReport.FromJson(File.ReadAllText(args[0]));
int[] singles = [.. Enumerable.Range(0, report.Configuration.Tasks.Count).Where(t => report.Configuration.Tasks[t].Order == 1)];
int[] mixtures = [.. Enumerable.Range(0, report.Configuration.Tasks.Count).Except(singles)];
double Gain(RestorerGenerality r, int[] tasks) =>
    tasks.Average(t => r.Tasks[t].Means[GeneralityReport.PsnrName] - report.Input.Tasks[t].Means[GeneralityReport.PsnrName]);
string Rate(RestorerGenerality r, int[] tasks, Func<TaskOutcome, bool?> reached)
{
    bool[] known = [.. tasks.Select(t => reached(r.Tasks[t])).OfType<bool>()];
    return known.Length == 0 ? "-" : string.Create(CultureInfo.InvariantCulture, $"{known.Count(k => k) / (double)known.Length:F2}");
}

string F(double value) => value.ToString("F2", CultureInfo.InvariantCulture);
var svg = new StringBuilder();
int height = (report.Restorers.Count * RowHeight) + 60;
svg.AppendLine(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{height}\" font-family=\"sans-serif\" font-size=\"13\">");
svg.AppendLine(CultureInfo.InvariantCulture, $"<rect width=\"{Width}\" height=\"{height}\" fill=\"white\"/>");
svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{Left}\" y=\"20\">mean PSNR gain over the degraded image, dB: <tspan fill=\"#1f6fb4\">{singles.Length} single tasks</tspan>, <tspan fill=\"#d9822b\">{mixtures.Length} mixtures</tspan></text>");
Console.WriteLine("| model | gain on single tasks, dB | gain on mixtures, dB | AR single | AR mixtures | ER single | ER mixtures |");
Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|");
int y = 40;
foreach (RestorerGenerality restorer in report.Restorers)
{
    string name = restorer.Name.Split('(')[0];
    (double single, double mixed) = (Gain(restorer, singles), Gain(restorer, mixtures));
    Console.WriteLine($"| {name} | {F(single)} | {F(mixed)} | {Rate(restorer, singles, t => t.Accepted)} | {Rate(restorer, mixtures, t => t.Accepted)} | {Rate(restorer, singles, t => t.Excellent)} | {Rate(restorer, mixtures, t => t.Excellent)} |");
    svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{Left - 8}\" y=\"{y + 19}\" text-anchor=\"end\">{System.Net.WebUtility.HtmlEncode(name)}</text>");
    Bar(y, single, "#1f6fb4");
    Bar(y + BarHeight, mixed, "#d9822b");
    y += RowHeight;
}

svg.AppendLine("</svg>");
File.WriteAllText(args[1], svg.ToString());

void Bar(int top, double value, string color)
{
    // A loss is drawn hollow: there is no room to the left of the names.
    double length = Math.Min(Math.Abs(value) * PixelsPerDecibel, Width - Left - 60);
    string fill = value < 0 ? "none" : color;
    svg.AppendLine(CultureInfo.InvariantCulture, $"<rect x=\"{Left}\" y=\"{top}\" width=\"{length:F1}\" height=\"{BarHeight - 2}\" fill=\"{fill}\" stroke=\"{color}\"/>");
    svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{Left + length + 5:F1}\" y=\"{top + 11}\" font-size=\"11\">{value:+0.00;-0.00}</text>");
}
