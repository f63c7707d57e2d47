"""PyTorch's side of `Gir.Benchmarks compare-engine`: the same operators and training steps.

Started as `python3 engine.py THREADS`; for every line on standard input that names a case it runs the case once and answers with the
elapsed nanoseconds. Needs Debian's python3-torch (with libopenblas0-pthread). Inputs are made once, as on Gir's side.
"""
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

threads = int(sys.argv[1])
torch.set_num_threads(threads)
torch.manual_seed(1)
torch.set_grad_enabled(False)
randn = torch.randn


def conv(images, inputs, outputs, size, kernel, groups=1):
    x = randn(images, inputs, size, size)
    weight = randn(outputs, inputs // groups, kernel, kernel) * 0.05
    bias = randn(outputs)
    return lambda: F.conv2d(x, weight, bias, padding=kernel // 2, groups=groups)


def product(m, n, k):
    a, b = randn(m, k), randn(k, n)
    return lambda: a @ b


def linear(rows, inputs, outputs):
    x, weight, bias = randn(rows, inputs), randn(outputs, inputs), randn(outputs)
    return lambda: F.linear(x, weight, bias)


def linear_backward(rows, inputs, outputs):
    dy, x, weight = randn(rows, outputs), randn(rows, inputs), randn(outputs, inputs)
    return lambda: (dy @ weight, dy.t() @ x)


def attention():
    q, k, v = randn(256, 6, 64, 30), randn(256, 6, 64, 30), randn(256, 6, 64, 30)
    bias = randn(6, 64, 64)
    return lambda: torch.softmax((q * 30**-0.5) @ k.transpose(-2, -1) + bias, -1) @ v


def channel_norm():
    x, weight, bias = randn(1, 64, 256, 256), randn(64), randn(64)

    def run():
        mean = x.mean(1, keepdim=True)
        centred = x - mean
        variance = centred.pow(2).mean(1, keepdim=True)
        return centred / (variance + 1e-6).sqrt() * weight.view(1, -1, 1, 1) + bias.view(1, -1, 1, 1)

    return run


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(64, 64, 3, padding=1)
        self.conv2 = nn.Conv2d(64, 64, 3, padding=1)

    def forward(self, x):
        return x + self.conv2(self.conv1(x).relu())


def training(model):
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-4)
    x, target = torch.rand(8, 3, 64, 64), torch.rand(8, 3, 64, 64)

    def run():
        with torch.enable_grad():
            optimizer.zero_grad()
            F.l1_loss(model(x), target).backward()
            optimizer.step()

    return run


def srcnn():
    return training(nn.Sequential(
        nn.Conv2d(3, 64, 9, padding=4), nn.ReLU(), nn.Conv2d(64, 32, 5, padding=2), nn.ReLU(), nn.Conv2d(32, 3, 5, padding=2)))


def srresnet():
    body = [Residual() for _ in range(16)]
    return training(nn.Sequential(nn.Conv2d(3, 64, 3, padding=1), nn.ReLU(), *body, nn.Conv2d(64, 3, 3, padding=1)))


def upfirdn(up, taps, before, after):
    x = randn(8, 64, 64, 64)
    kernel = torch.tensor(taps)
    kernel = (kernel[:, None] * kernel[None, :]).flip([0, 1])[None, None]

    def run():
        y = x.reshape(-1, 1, 64, 1, 64, 1)
        y = F.pad(y, [0, up - 1, 0, 0, 0, up - 1]).reshape(-1, 1, 64 * up, 64 * up)
        return F.conv2d(F.pad(y, [before, after, before, after]), kernel)

    return run


def minibatch_deviation():
    x = randn(8, 64, 64, 64)

    def run():
        deviation = (x.view(4, 2, 64, 64, 64).var(0, unbiased=False) + 1e-8).sqrt().mean([1, 2, 3])
        return torch.cat([x, deviation.repeat(4).view(8, 1, 1, 1).expand(8, 1, 64, 64)], 1)

    return run


def modulated():
    x, weight, style = randn(8, 64, 64, 64), randn(1, 64, 64, 3, 3), randn(8, 64)

    def run():
        w = weight / 24 * style.view(8, 1, 64, 1, 1)
        w = w * torch.rsqrt(w.pow(2).sum([2, 3, 4]) + 1e-8).view(8, 64, 1, 1, 1)
        return F.conv2d(x.view(1, 512, 64, 64), w.view(512, 64, 3, 3), padding=1, groups=8).view(8, 64, 64, 64)

    return run


def gradient_penalty():
    x, weight = randn(8, 64, 64, 64).requires_grad_(), randn(64, 64, 3, 3).requires_grad_()

    def run():
        with torch.enable_grad():
            x.grad, weight.grad = None, None
            y = (F.leaky_relu(F.conv2d(x, weight, padding=1), 0.2) * 2**0.5).pow(2).sum()
            torch.autograd.grad(y, x, create_graph=True)[0].pow(2).sum().backward()

    return run


def over(function, *sizes):
    x = randn(*sizes)
    return lambda: function(x)


BUILDERS = {
    "conv3x3 64->64 256": lambda: conv(1, 64, 64, 256, 3),
    "conv3x3 3->64 256": lambda: conv(1, 3, 64, 256, 3),
    "conv3x3 64->3 256": lambda: conv(1, 64, 3, 256, 3),
    "conv5x5 64->32 256": lambda: conv(1, 64, 32, 256, 5),
    "conv9x9 3->64 256": lambda: conv(1, 3, 64, 256, 9),
    "conv1x1 192->192 128": lambda: conv(1, 192, 192, 128, 1),
    "depthwise3x3 192 128": lambda: conv(1, 192, 192, 128, 3, 192),
    "gemm 512": lambda: product(512, 512, 512),
    "gemm 1024": lambda: product(1024, 1024, 1024),
    "linear 16384x180->540": lambda: linear(16384, 180, 540),
    "linear 16384x180->180": lambda: linear(16384, 180, 180),
    "linear 16384x180->360": lambda: linear(16384, 180, 360),
    "linear gradients 16384x180->360": lambda: linear_backward(16384, 180, 360),
    "attention 1536x64x30": attention,
    "softmax 1536x64x64": lambda: over(lambda x: torch.softmax(x, -1), 1536, 64, 64),
    "layer norm 16384x180": lambda: over(lambda x: F.layer_norm(x, (180,), torch.ones(180), torch.zeros(180)), 16384, 180),
    "channel norm 64x256x256": channel_norm,
    "gelu 16384x360": lambda: over(F.gelu, 16384, 360),
    "relu 64x256x256": lambda: over(F.relu, 1, 64, 256, 256),
    "add 64x256x256": lambda: over(lambda x: x + x, 1, 64, 256, 256),
    "permute 64x256x256": lambda: over(lambda x: x.permute(0, 2, 3, 1).contiguous(), 1, 64, 256, 256),
    "upfirdn2d up 2 8x64x64x64": lambda: upfirdn(2, [0.25, 0.75, 0.75, 0.25], 2, 1),
    "upfirdn2d 8x64x64x64": lambda: upfirdn(1, [0.125, 0.375, 0.375, 0.125], 2, 2),
    "minibatch deviation 8x64x64x64": minibatch_deviation,
    "modulated conv3x3 8x64x64x64": modulated,
    "gradient penalty conv3x3 8x64x64x64": gradient_penalty,
    "train srcnn 8x3x64x64": srcnn,
    "train srresnet 8x3x64x64": srresnet,
}
cases = {}

for line in sys.stdin:
    name = line.strip()
    if name not in cases:
        cases[name] = BUILDERS[name]()
    case = cases[name]
    start = time.perf_counter_ns()
    case()
    print(time.perf_counter_ns() - start, flush=True)
