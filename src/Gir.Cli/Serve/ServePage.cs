using Gir.Degradations.Tasks;
using Gir.Reports.Html;

namespace Gir.Cli.Serve;

/// <summary>The page: the reports' looks and slider, and a script of its own.</summary>
internal static class ServePage
{
    private static readonly string[] s_pictures = ["degraded", "restored", "clean"];

    public static string Style { get; } = PageHtml.Style + EmbeddedText.Read(typeof(ServePage), "Gir.Cli.serve.css");

    public static string Script { get; } = PageHtml.Script + EmbeddedText.Read(typeof(ServePage), "Gir.Cli.serve.js");

    public static string Html(IReadOnlyList<string> models)
    {
        var html = new HtmlText();
        html.Add($"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>Gir workbench</title><link rel=\"icon\" href=\"data:,\"><link rel=\"stylesheet\" href=\"/page.css\"></head>");
        html.Add($"<body><a class=\"skip\" href=\"#main\">Skip to the content</a><header><div><h1>Gir workbench</h1><p>Compose a degradation, restore it, compare. Nothing is stored.</p></div><button id=\"theme\" type=\"button\" hidden>Dark</button></header>");
        html.Add($"<main id=\"main\"><div class=\"bench\"><section aria-labelledby=\"compose\"><h2 id=\"compose\">Compose</h2>");
        html.Add($"<label for=\"file\">Image file</label><input id=\"file\" type=\"file\" accept=\"image/*,.npy,.ppm,.pgm,.tif,.tiff\"><p class=\"note\"><button id=\"sample\" type=\"button\">Use the sample</button> <a href=\"/sample.png\" download=\"{WorkRequest.SampleName}\">Save the sample</a></p>");
        html.Add($"<ol id=\"steps\" aria-label=\"Degradations, first applied first\"></ol>");
        html.Add($"<div class=\"row\"><label for=\"operator\">Operator</label><select id=\"operator\"></select><button id=\"add\" type=\"button\">Add</button></div>");
        html.Add($"<label for=\"task\">Task of the benchmark</label><select id=\"task\"><option value=\"\">(own)</option>");
        foreach (DegradationTask task in RepresentativeTasks.All)
            html.Add($"<option value=\"{task.Pipeline.ToExpression()}\">{task.Id}: {string.Join(" + ", task.Pipeline.Operators.Select(o => o.Name))}</option>");
        html.Add($"</select><label for=\"pipeline\">Pipeline</label><textarea id=\"pipeline\" rows=\"3\" spellcheck=\"false\" maxlength=\"2000\"></textarea>");
        html.Add($"<label for=\"seed\">Seed</label><input id=\"seed\" type=\"number\" min=\"0\" step=\"1\" value=\"0\">");
        html.Add($"<label for=\"model\">Restore with</label><select id=\"model\"><option value=\"\">(nothing)</option>");
        foreach (string model in models)
            html.Add($"<option value=\"{model}\">{model}</option>");
        html.Add($"</select><p id=\"status\" role=\"status\" aria-live=\"polite\"></p></section>");
        html.Add($"<section aria-labelledby=\"result\"><h2 id=\"result\">Result</h2><figure class=\"compare\"><div class=\"stage\">");
        foreach (string name in s_pictures)
            html.Add($"<img id=\"{name}\" src=\"/sample.png\" alt=\"{name}\">");
        html.Add($"<span class=\"handle\" aria-hidden=\"true\"></span></div><div class=\"controls\"><input type=\"range\" min=\"0\" max=\"100\" value=\"50\" aria-label=\"Where the left picture ends, percent\">");
        Choice(html, "left", "Left", 0);
        Choice(html, "right", "Right", 2);
        html.Add($"</div></figure><div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Metrics\"><table id=\"scores\"><caption>Metrics<span>Against the clean image; under and over are the shares of detail that is missing and that was added.</span></caption><thead><tr><th scope=\"col\" data-rows>image</th>");
        foreach (string metric in Workbench.Metrics)
            html.Add($"<th scope=\"col\">{metric}</th>");
        html.Add($"</tr></thead><tbody></tbody></table></div>");
        html.Add($"<h3>The same by command line</h3><pre id=\"commands\" tabindex=\"0\"></pre><button id=\"copy\" type=\"button\">Copy</button></section></div></main><script src=\"/page.js\"></script></body></html>");
        return html.ToString();
    }

    private static void Choice(HtmlText html, string id, string name, int selected)
    {
        html.Add($"<label for=\"{id}\">{name}</label><select id=\"{id}\">");
        foreach ((int index, string picture) in s_pictures.Index())
            html.Add($"<option value=\"{index}\"{(index == selected ? " selected" : "")}>{picture}</option>");
        html.Add($"</select>");
    }
}
