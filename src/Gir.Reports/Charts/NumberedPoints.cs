using Gir.Reports.Html;

namespace Gir.Reports.Charts;

/// <summary>Points with numbers beside them, moved apart where points lie upon one another.</summary>
/// <param name="frame">Where.</param>
internal sealed class NumberedPoints(Frame frame)
{
    private const double Radius = 9;
    private const double Near = 13;
    private const int Directions = 12;
    private const int Rings = 14;

    private readonly List<(double X, double Y)> _taken = [];

    /// <summary>Draws a point, its number and what is told of it.</summary>
    public void Add(HtmlText html, double x, double y, int number, string label, string kind)
    {
        (double px, double py) = (frame.AtX(x), frame.AtY(y));
        (double bx, double by) = Free(px, py);
        _taken.Add((bx, by));
        html.Add($"<g class=\"point {kind}\"><title>{label}</title>");
        html.Add($"<line class=\"leader\" x1=\"{Frame.At(px)}\" y1=\"{Frame.At(py)}\" x2=\"{Frame.At(bx)}\" y2=\"{Frame.At(by)}\"/>");
        html.Add($"<circle class=\"spot\" cx=\"{Frame.At(px)}\" cy=\"{Frame.At(py)}\" r=\"4\"/>");
        html.Add($"<circle class=\"badge\" cx=\"{Frame.At(bx)}\" cy=\"{Frame.At(by)}\" r=\"{Frame.At(Radius)}\"/>");
        html.Add($"<text class=\"number\" x=\"{Frame.At(bx)}\" y=\"{Frame.At(by + 3.5)}\" text-anchor=\"middle\">{number}</text></g>");
    }

    private (double X, double Y) Free(double x, double y)
    {
        for (int ring = 0; ring < Rings; ring++)
        {
            double distance = Near + (ring * Radius);
            for (int d = 0; d < Directions; d++)
            {
                // From the upper right, where an eye looks for a label.
                double angle = (0.25 + (2.0 * d / Directions)) * Math.PI;
                (double bx, double by) = (x + (distance * Math.Cos(angle)), y - (distance * Math.Sin(angle)));
                bool inside = bx >= Radius && bx <= frame.Width - Radius && by >= Radius && by <= frame.AtY(frame.Y.Low) - 2;
                if (inside && bx >= frame.AtX(frame.X.Low) && _taken.TrueForAll(t => Math.Pow(t.X - bx, 2) + Math.Pow(t.Y - by, 2) >= 4.4 * Radius * Radius))
                    return (bx, by);
            }
        }

        return (x, y);
    }
}
