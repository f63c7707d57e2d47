"""The peers' side of `Gir.Benchmarks compare-metrics`: image metrics of Python libraries on one thread, on a pair made the same way.

Started as `OMP_NUM_THREADS=1 python3 metrics.py`; for every line on standard input that names a case it runs the case once and answers with the
elapsed nanoseconds, or -1 where the library is not installed. Needs numpy and OpenCV; scikit-image, BasicSR and pyiqa are timed where they are.
"""
import sys
import time

import cv2
import numpy as np

cv2.setNumThreads(1)
HEIGHT, WIDTH = 1080, 1920


def scene(noise, seed):
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float64)
    planes = [128 + 60 * np.sin(x * 0.05 + k) * np.cos(y * 0.031) + 20 * np.sin(x * 0.7 + y * 0.4) for k in range(3)]
    random = np.random.RandomState(seed)
    image = np.stack(planes, -1) + noise * (random.rand(HEIGHT, WIDTH, 3) - 0.5)
    return np.clip(np.rint(image), 0, 255).astype(np.uint8)


reference, distorted = scene(8, 1), scene(28, 2)
gray_a, gray_b = (cv2.cvtColor(i, cv2.COLOR_RGB2GRAY).astype(np.float32) for i in (reference, distorted))
float_a, float_b = (i.astype(np.float32) / 255 for i in (reference, distorted))


def opencv_ssim(a, b):
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    blur = lambda v: cv2.GaussianBlur(v, (11, 11), 1.5)
    ma, mb = blur(a), blur(b)
    va, vb, vab = blur(a * a) - ma * ma, blur(b * b) - mb * mb, blur(a * b) - ma * mb
    return (((2 * ma * mb + c1) * (2 * vab + c2)) / ((ma * ma + mb * mb + c1) * (va + vb + c2))).mean()


cases = {
    "psnr-opencv": lambda: cv2.PSNR(reference, distorted),
    "psnr-numpy": lambda: -10 * np.log10(np.mean((float_a - float_b) ** 2, dtype=np.float64)),
    "ssim-gray-opencv": lambda: opencv_ssim(gray_a, gray_b),
}
try:
    from skimage.metrics import structural_similarity

    cases["ssim-rgb-scikit-image"] = lambda: structural_similarity(
        reference, distorted, channel_axis=-1, gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=255)
except ImportError:
    pass
try:
    from basicsr.metrics.niqe import calculate_niqe

    cases["niqe-basicsr"] = lambda: calculate_niqe(distorted[..., ::-1], 0)
except ImportError:
    pass
try:
    import torch
    from pyiqa.archs.piqe_arch import piqe
    from pyiqa.archs.gmsd_arch import gmsd

    torch.set_num_threads(1)
    ta, tb = (torch.from_numpy(i.transpose(2, 0, 1).copy())[None] for i in (float_a, float_b))
    cases["piqe-pyiqa"] = lambda: piqe(tb)
    cases["gmsd-pyiqa"] = lambda: gmsd(ta, tb, test_y_channel=True)
except ImportError:
    pass

for line in sys.stdin:
    case = cases.get(line.strip())
    if case is None:
        print(-1, flush=True)
        continue
    start = time.perf_counter_ns()
    case()
    print(time.perf_counter_ns() - start, flush=True)
