using System.Globalization;

namespace Gir.Models.Generative.Diffusion;

/// <summary>Which timesteps of a schedule a sampler visits.</summary>
internal static class TimestepSelection
{
    /// <summary>Evenly spaced timesteps in sections of the schedule (IDDPM); of one section from the first to the last.</summary>
    /// <param name="total">Timesteps of the schedule.</param>
    /// <param name="sections">How many in each section.</param>
    /// <exception cref="ArgumentException">A section is asked for more timesteps than it has.</exception>
    public static int[] Spaced(int total, params ReadOnlySpan<int> sections)
    {
        var chosen = new SortedSet<int>();
        int start = 0;
        for (int i = 0; i < sections.Length; i++)
        {
            int size = (total / sections.Length) + (i < total % sections.Length ? 1 : 0);
            if (sections[i] < 1 || sections[i] > size)
                throw new ArgumentException($"{sections[i]} timesteps of {size}; expected 1..{size}.", nameof(sections));
            double stride = sections[i] == 1 ? 1 : (size - 1.0) / (sections[i] - 1);
            double at = 0;
            for (int k = 0; k < sections[i]; k++)
            {
                chosen.Add(start + (int)Math.Round(at, MidpointRounding.ToEven));
                at += stride;
            }

            start += size;
        }

        return [.. chosen];
    }

    /// <summary>Every c-th timestep from 0 on, with the c that gives as many as asked for.</summary>
    /// <exception cref="ArgumentException">No whole stride gives that many.</exception>
    public static int[] Strided(int total, int count)
    {
        for (int stride = 1; stride <= total; stride++)
        {
            if ((total + stride - 1) / stride == count)
                return [.. Enumerable.Range(0, count).Select(i => i * stride)];
        }

        throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"No whole stride takes {count} of {total} timesteps."), nameof(count));
    }

    /// <summary>DDIM's timesteps: every (total / count)-th, plus one. There may be more than asked for: 30 of 1000 gives 31.</summary>
    /// <exception cref="ArgumentException">The last one lies behind the schedule's end.</exception>
    public static int[] Ddim(int total, int count)
    {
        if (count < 1 || count > total)
            throw new ArgumentException($"{count} steps of {total}; expected 1..{total}.", nameof(count));
        int stride = total / count;
        int[] chosen = [.. Enumerable.Range(0, (total + stride - 1) / stride).Select(i => (i * stride) + 1)];
        return chosen[^1] < total ? chosen : throw new ArgumentException($"DDIM in {count} of {total} steps ends at timestep {chosen[^1]}, behind the schedule's end; take one step more or less.", nameof(count));
    }

    /// <summary>DDIM's timesteps that grow with their square.</summary>
    public static int[] DdimQuadratic(int total, int count)
    {
        double last = Math.Sqrt(total * 0.8);
        return [.. Enumerable.Range(0, count).Select(i => (int)Math.Pow(i == count - 1 ? last : i * (last / (count - 1)), 2) + 1)];
    }
}
