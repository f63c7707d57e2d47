namespace Gir.Benchmarks.Peers;

/// <summary>Metrics against OpenCV, NumPy, scikit-image, BasicSR and pyiqa at 1920 x 1080, where they are installed.</summary>
internal static class MetricComparison
{
    public static void Run(string python, string script, int rounds)
    {
        var work = new MetricsBenchmarks();
        using var peer = new PeerProcess(python, script);
        var comparison = new Comparison([peer], rounds);
        comparison.PrintHeader();
        comparison.Add("psnr-opencv", () => work.PsnrRgb());
        comparison.Add("psnr-numpy", () => work.PsnrRgb());
        comparison.Add("ssim-gray-opencv", () => work.SsimGray());
        comparison.Add("ssim-rgb-scikit-image", () => work.SsimRgb());
        comparison.Add("gmsd-pyiqa", () => work.Gmsd());
        comparison.Add("niqe-basicsr", () => work.Niqe());
        comparison.Add("piqe-pyiqa", () => work.Piqe());
    }
}
