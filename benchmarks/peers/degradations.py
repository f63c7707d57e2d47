"""The peers' side of `Gir.Benchmarks compare`: the same work in OpenCV, NumPy and scikit-image, one thread.

Started as `python3 degradations.py IMAGE.png IMAGE.jpg`; for every line on standard input that names a case it runs the case
once and answers with the elapsed nanoseconds. Needs Debian's python3-opencv, python3-skimage.
"""
import sys
import time

import cv2
import numpy as np
from skimage.restoration import richardson_lucy

cv2.setNumThreads(1)

png_path, jpeg_path = sys.argv[1:3]
png_file = np.fromfile(png_path, np.uint8)
jpeg_file = np.fromfile(jpeg_path, np.uint8)
levels = cv2.imdecode(png_file, cv2.IMREAD_COLOR)
image = (levels / np.float32(255)).astype(np.float32)
gray = cv2.cvtColor(levels, cv2.COLOR_BGR2GRAY).astype(np.float64) / 255
height, width = levels.shape[:2]
result = np.empty_like(image)
small = np.empty((height // 4, width // 4, 3), np.float32)
generator = np.random.Generator(np.random.Philox(1))


def gaussian_kernel(size, sigma_x, sigma_y, theta):
    """The anisotropic Gaussian of BasicSR."""
    axis = np.arange(size) - (size - 1) / 2
    x, y = np.meshgrid(axis, axis)
    u = np.cos(theta) * x + np.sin(theta) * y
    v = -np.sin(theta) * x + np.cos(theta) * y
    kernel = np.exp(-0.5 * (u**2 / sigma_x**2 + v**2 / sigma_y**2))
    return kernel / kernel.sum()


kernel21 = gaussian_kernel(21, 3, 1, 0.7).astype(np.float32)
box5 = np.ones((5, 5)) / 25
gaussian9 = gaussian_kernel(9, 2, 2, 0)


def jpeg_round_trip():
    return cv2.imdecode(cv2.imencode(".jpg", levels, [cv2.IMWRITE_JPEG_QUALITY, 50])[1], cv2.IMREAD_COLOR)


def bicubic():
    cv2.resize(image, (width // 4, height // 4), dst=small, interpolation=cv2.INTER_CUBIC)
    cv2.resize(small, (width, height), dst=result, interpolation=cv2.INTER_CUBIC)


CASES = {
    "jpeg-round-trip": jpeg_round_trip,
    "gaussian-15": lambda: cv2.GaussianBlur(image, (15, 15), 2, dst=result, borderType=cv2.BORDER_REFLECT_101),
    "filter-21": lambda: cv2.filter2D(image, -1, kernel21, dst=result, borderType=cv2.BORDER_REFLECT_101),
    "bicubic-x4": bicubic,
    "noise": lambda: np.clip(image + (20 / 255) * generator.standard_normal(image.shape), 0, 1),
    "png-decode": lambda: cv2.imdecode(png_file, cv2.IMREAD_COLOR),
    "jpeg-decode": lambda: cv2.imdecode(jpeg_file, cv2.IMREAD_COLOR),
    "png-encode": lambda: cv2.imencode(".png", levels),
    "jpeg-encode": lambda: cv2.imencode(".jpg", levels, [cv2.IMWRITE_JPEG_QUALITY, 90]),
    "richardson-lucy-box5": lambda: richardson_lucy(gray, box5, num_iter=10),
    "richardson-lucy-gaussian9": lambda: richardson_lucy(gray, gaussian9, num_iter=10),
}

for line in sys.stdin:
    case = CASES[line.strip()]
    start = time.perf_counter_ns()
    case()
    print(time.perf_counter_ns() - start, flush=True)
