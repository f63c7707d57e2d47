using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Gir.Reports.Html;

/// <summary>
/// HTML as it is written: what stands between the holes of an interpolated string is markup, what fills a hole is text and is escaped, so that no name of a
/// file or a restorer can become markup.
/// </summary>
internal sealed class HtmlText
{
    private readonly StringBuilder _text = new();

    /// <summary>Adds markup whose holes are text.</summary>
    public void Add([InterpolatedStringHandlerArgument("")] ref Markup markup) => markup.EndLine();

    /// <summary>Adds markup of the package's own: style sheet and script.</summary>
    public void AddRaw(string markup) => _text.Append(markup);

    /// <summary>The whole text.</summary>
    public override string ToString() => _text.ToString();

    private void Escape(ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            switch (c)
            {
                case '&': _text.Append("&amp;"); break;
                case '<': _text.Append("&lt;"); break;
                case '>': _text.Append("&gt;"); break;
                case '"': _text.Append("&quot;"); break;
                case '\'': _text.Append("&#39;"); break;
                case '\n': _text.Append(c); break;
                // Controls have no place in HTML; those that turn the direction of writing around make a name look like another.
                case var _ when char.IsControl(c) || c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069'): _text.Append('\uFFFD'); break;
                default: _text.Append(c); break;
            }
        }
    }

    /// <summary>One interpolated string.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct Markup
    {
        private readonly HtmlText _html;

        public Markup(int literalLength, int formattedCount, HtmlText html)
        {
            _html = html;
            html._text.EnsureCapacity(html._text.Length + literalLength + (8 * formattedCount));
        }

        public void AppendLiteral(string markup) => _html._text.Append(markup);

        public void AppendFormatted(string? text) => _html.Escape(text);

        public void AppendFormatted(int number) => _html._text.Append(CultureInfo.InvariantCulture, $"{number}");

        public void AppendFormatted(double number, string? format = null) => _html.Escape(number.ToString(format, CultureInfo.InvariantCulture));

        public void EndLine() => _html._text.Append('\n');
    }
}
