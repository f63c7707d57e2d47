"""PyTorch's side of `Gir.Benchmarks compare-networks`: whole networks of published size, written as their authors' code computes them.

Started as `python3 networks.py THREADS SIZE NETWORK`. Answers each line on standard input with one number: `parameters`, `memory` (bytes by
which the resident set grew in the first forward pass) and `run` (nanoseconds of one forward pass of 1 x 3 x SIZE x SIZE). Needs Debian's
python3-torch with libopenblas0-pthread. Weights are random: only their number and shapes matter.
"""
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn


def conv(inputs, outputs, kernel=3, bias=True, groups=1, stride=1, padding=None):
    return nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2 if padding is None else padding, groups=groups, bias=bias)


class Skip(nn.Module):
    def __init__(self, *body, scale=1.0):
        super().__init__()
        self.body, self.scale = nn.Sequential(*body), scale

    def forward(self, x):
        y = self.body(x)
        return x + (y if self.scale == 1 else y * self.scale)


class Residual(nn.Module):
    """A network that adds its input at the end."""

    def __init__(self, body, sign=1):
        super().__init__()
        self.body, self.sign = body, sign

    def forward(self, x):
        return x + self.body(x) if self.sign > 0 else x - self.body(x)


def srcnn():
    return nn.Sequential(conv(3, 64, 9), nn.ReLU(True), conv(64, 32, 5), nn.ReLU(True), conv(32, 3, 5))


def srresnet():
    blocks = [Skip(conv(64, 64), nn.ReLU(True), conv(64, 64)) for _ in range(16)]
    return Residual(nn.Sequential(
        conv(3, 64), nn.LeakyReLU(0.1, True), *blocks, conv(64, 64), nn.LeakyReLU(0.1, True), conv(64, 3)))


def dncnn():
    middle = [m for _ in range(18) for m in (conv(64, 64), nn.ReLU(True))]
    return Residual(nn.Sequential(conv(3, 64), nn.ReLU(True), *middle, conv(64, 3)), -1)


class DenseBlock(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([conv(64 + 32 * i, 32 if i < 4 else 64) for i in range(5)])

    def forward(self, x):
        known = [x]
        for layer in self.layers[:4]:
            known.append(F.leaky_relu(layer(torch.cat(known, 1)), 0.2, True))
        return self.layers[4](torch.cat(known, 1)) * 0.2 + x


class Rrdb(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.body, self.high, self.last = conv(3, 64), conv(64, 64), conv(64, 64), conv(64, 3)
        self.blocks = nn.Sequential(*[Skip(DenseBlock(), DenseBlock(), DenseBlock(), scale=0.2) for _ in range(23)])

    def forward(self, x):
        x = self.first(x)
        x = x + self.body(self.blocks(x))
        return self.last(F.leaky_relu(self.high(x), 0.2, True))


class ChannelNorm(nn.Module):
    """NAFNet's LayerNorm2d."""

    def __init__(self, width):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.ones(width)), nn.Parameter(torch.zeros(width))

    def forward(self, x):
        mean = x.mean(1, keepdim=True)
        variance = (x - mean).pow(2).mean(1, keepdim=True)
        y = (x - mean) / (variance + 1e-6).sqrt()
        return self.weight.view(1, -1, 1, 1) * y + self.bias.view(1, -1, 1, 1)


def gate(x):
    a, b = x.chunk(2, 1)
    return a * b


class NafBlock(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.norm1, self.norm2 = ChannelNorm(c), ChannelNorm(c)
        self.conv1, self.conv2, self.conv3 = conv(c, 2 * c, 1), conv(2 * c, 2 * c, groups=2 * c), conv(c, c, 1)
        self.sca, self.conv4, self.conv5 = conv(c, c, 1), conv(c, 2 * c, 1), conv(c, c, 1)
        self.beta, self.gamma = nn.Parameter(torch.zeros(1, c, 1, 1)), nn.Parameter(torch.zeros(1, c, 1, 1))

    def forward(self, x):
        y = gate(self.conv2(self.conv1(self.norm1(x))))
        y = y * self.sca(F.adaptive_avg_pool2d(y, 1))
        x = x + self.conv3(y) * self.beta
        return x + self.conv5(gate(self.conv4(self.norm2(x)))) * self.gamma


class NafNet(nn.Module):
    def __init__(self):
        super().__init__()
        blocks = lambda count, width: nn.Sequential(*[NafBlock(width) for _ in range(count)])
        self.intro, self.ending = conv(3, 32), conv(32, 3)
        self.encoders = nn.ModuleList([blocks(n, 32 << i) for i, n in enumerate([2, 2, 4, 8])])
        self.downs = nn.ModuleList([conv(32 << i, 64 << i, 2, stride=2, padding=0) for i in range(4)])
        self.middle = blocks(12, 512)
        self.ups = nn.ModuleList([nn.Sequential(conv(512 >> i, 1024 >> i, 1, bias=False), nn.PixelShuffle(2)) for i in range(4)])
        self.decoders = nn.ModuleList([blocks(2, 256 >> i) for i in range(4)])

    def forward(self, image):
        x, skips = self.intro(image), []
        for encoder, down in zip(self.encoders, self.downs):
            skips.append(encoder(x))
            x = down(skips[-1])
        x = self.middle(x)
        for up, decoder, skip in zip(self.ups, self.decoders, skips[::-1]):
            x = decoder(up(x) + skip)
        return self.ending(x) + image


def partition(x, size):
    b, h, w, c = x.shape
    return x.view(b, h // size, size, w // size, size, c).permute(0, 1, 3, 2, 4, 5).contiguous().view(-1, size * size, c)


def reverse(windows, size, h, w):
    x = windows.view(-1, h // size, w // size, size, size, windows.shape[-1])
    return x.permute(0, 1, 3, 2, 4, 5).contiguous().view(-1, h, w, windows.shape[-1])


def shift_mask(h, w, size, shift):
    image = torch.zeros(1, h, w, 1)
    parts = (slice(0, -size), slice(-size, -shift), slice(-shift, None))
    for i, rows in enumerate(parts):
        for j, columns in enumerate(parts):
            image[:, rows, columns] = 3 * i + j
    windows = partition(image, size).squeeze(-1)
    difference = windows.unsqueeze(1) - windows.unsqueeze(2)
    return difference.masked_fill(difference != 0, -100.0)


def position_index(size, larger):
    queries = torch.stack(torch.meshgrid(torch.arange(size), torch.arange(size), indexing="ij")).flatten(1)
    keys = torch.stack(torch.meshgrid(torch.arange(larger), torch.arange(larger), indexing="ij")).flatten(1)
    relative = (keys[:, None, :] - queries[:, :, None]) + size - 1
    return relative[0] * (size + larger - 1) + relative[1]


class Attention(nn.Module):
    """Attention of windows to windows with a position bias; queries, keys and values in one projection or in two."""

    def __init__(self, width, size, heads, larger=None, parts=(3,)):
        super().__init__()
        self.heads, self.scale = heads, (width // heads) ** -0.5
        self.table = nn.Parameter(torch.zeros((size + (larger or size) - 1) ** 2, heads))
        self.index = position_index(size, larger or size)
        self.qkv = nn.ModuleList([nn.Linear(width, part * width) for part in parts])
        self.proj = nn.Linear(width, width)

    def attend(self, q, k, v, mask=None):
        b, m, c = q.shape
        n, heads = k.shape[1], self.heads
        q, k, v = (t.reshape(b, -1, heads, c // heads).permute(0, 2, 1, 3) for t in (q, k, v))
        scores = (q * self.scale) @ k.transpose(-2, -1)
        bias = self.table[self.index.view(-1)].view(m, n, heads).permute(2, 0, 1).contiguous()
        scores = scores + bias.unsqueeze(0)
        if mask is not None:
            scores = scores.view(b // mask.shape[0], mask.shape[0], heads, m, n) + mask.unsqueeze(1).unsqueeze(0)
            scores = scores.view(-1, heads, m, n)
        return self.proj((scores.softmax(-1) @ v).transpose(1, 2).reshape(b, m, c))

    def forward(self, x, mask=None):
        if len(self.qkv) == 1:
            b, m, c = x.shape
            qkv = self.qkv[0](x).reshape(b, m, 3, c).permute(2, 0, 1, 3)
            return self.attend(qkv[0], qkv[1], qkv[2], mask)
        k, v = self.qkv[1](x).chunk(2, -1)
        return self.attend(self.qkv[0](x), k, v, mask)


def perceptron(width, ratio):
    return nn.Sequential(nn.Linear(width, int(width * ratio)), nn.GELU(), nn.Linear(int(width * ratio), width))


def windowed(x, size, shift, attend):
    """Runs attention on the (shifted) windows of x [b, h, w, c]."""
    h, w = x.shape[1:3]
    if shift:
        x = torch.roll(x, (-shift, -shift), (1, 2))
    x = reverse(attend(partition(x, size)), size, h, w)
    return torch.roll(x, (shift, shift), (1, 2)) if shift else x


class SwinBlock(nn.Module):
    def __init__(self, width, size, heads, shift):
        super().__init__()
        self.size, self.shift = size, shift
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attn, self.mlp = Attention(width, size, heads), perceptron(width, 2)

    def forward(self, x, mask):
        x = x + windowed(self.norm1(x), self.size, self.shift, lambda t: self.attn(t, mask if self.shift else None))
        return x + self.mlp(self.norm2(x))


def planes(x):
    return x.permute(0, 3, 1, 2)


def tokens(x):
    return x.permute(0, 2, 3, 1).contiguous()


class SwinGroup(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.ModuleList([SwinBlock(180, 8, 6, 4 * (i % 2)) for i in range(6)])
        self.conv = conv(180, 180)

    def forward(self, x, mask):
        y = x
        for block in self.blocks:
            y = block(y, mask)
        return x + tokens(self.conv(planes(y)))


class SwinIr(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.after, self.last = conv(3, 180), conv(180, 180), conv(180, 3)
        self.patch_norm, self.norm = nn.LayerNorm(180), nn.LayerNorm(180)
        self.groups = nn.ModuleList([SwinGroup() for _ in range(6)])
        self.mean = torch.tensor([0.4488, 0.4371, 0.4040]).view(1, 3, 1, 1)

    def forward(self, image):
        image = image - self.mean
        shallow = self.first(image)
        mask = shift_mask(*image.shape[2:], 8, 4)
        x = self.patch_norm(tokens(shallow))
        for group in self.groups:
            x = group(x, mask)
        return image + self.last(self.after(planes(self.norm(x))) + shallow) + self.mean


class HybridBlock(nn.Module):
    def __init__(self, shift):
        super().__init__()
        self.shift = shift
        self.norm1, self.norm2 = nn.LayerNorm(180), nn.LayerNorm(180)
        self.attn, self.mlp = Attention(180, 16, 6), perceptron(180, 2)
        self.cab = nn.Sequential(conv(180, 60), nn.GELU(), conv(60, 180))
        self.attention = nn.Sequential(
            nn.AdaptiveAvgPool2d(1), conv(180, 6, 1), nn.ReLU(True), conv(6, 180, 1), nn.Sigmoid())

    def forward(self, x, mask):
        normed = self.norm1(x)
        y = self.cab(planes(normed))
        y = tokens(y * self.attention(y))
        x = x + windowed(normed, 16, self.shift, lambda t: self.attn(t, mask if self.shift else None)) + y * 0.01
        return x + self.mlp(self.norm2(x))


class OverlappingBlock(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1, self.norm2, self.mlp = nn.LayerNorm(180), nn.LayerNorm(180), perceptron(180, 2)
        self.attn = Attention(180, 16, 6, larger=24)
        self.unfold = nn.Unfold(24, stride=16, padding=4)

    def forward(self, x):
        b, h, w, c = x.shape
        qkv = self.attn.qkv[0](self.norm1(x)).reshape(b, h, w, 3, c).permute(3, 0, 4, 1, 2)
        q = partition(qkv[0].permute(0, 2, 3, 1), 16)
        kv = self.unfold(torch.cat((qkv[1], qkv[2]), 1))
        kv = kv.view(b, 2, c, 24 * 24, -1).permute(1, 0, 4, 3, 2).contiguous().view(2, -1, 24 * 24, c)
        x = x + reverse(self.attn.attend(q, kv[0], kv[1]), 16, h, w)
        return x + self.mlp(self.norm2(x))


class HatGroup(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.ModuleList([HybridBlock(8 * (i % 2)) for i in range(6)])
        self.overlapping, self.conv = OverlappingBlock(), conv(180, 180)

    def forward(self, x, mask):
        y = x
        for block in self.blocks:
            y = block(y, mask)
        return x + tokens(self.conv(planes(self.overlapping(y))))


class Hat(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.after, self.before, self.last = conv(3, 180), conv(180, 180), conv(180, 64), conv(64, 3)
        self.patch_norm, self.norm = nn.LayerNorm(180), nn.LayerNorm(180)
        self.groups = nn.ModuleList([HatGroup() for _ in range(6)])
        self.mean = torch.tensor([0.4488, 0.4371, 0.4040]).view(1, 3, 1, 1)

    def forward(self, image):
        shallow = self.first(image - self.mean)
        mask = shift_mask(*image.shape[2:], 16, 8)
        x = self.patch_norm(tokens(shallow))
        for group in self.groups:
            x = group(x, mask)
        x = self.after(planes(self.norm(x))) + shallow
        return self.last(F.leaky_relu(self.before(x), 0.01, True)) + self.mean


class RestormerBlock(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        hidden = int(width * 2.66)
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.temperature = nn.Parameter(torch.ones(heads, 1, 1))
        self.qkv, self.qkv_depthwise = conv(width, 3 * width, 1, False), conv(3 * width, 3 * width, 3, False, 3 * width)
        self.proj = conv(width, width, 1, False)
        self.ffn_in, self.ffn_depthwise = conv(width, 2 * hidden, 1, False), conv(2 * hidden, 2 * hidden, 3, False, 2 * hidden)
        self.ffn_out = conv(hidden, width, 1, False)

    @staticmethod
    def normed(norm, x):
        b, c, h, w = x.shape
        return norm(x.flatten(2).transpose(1, 2)).transpose(1, 2).reshape(b, c, h, w)

    def forward(self, x):
        b, c, h, w = x.shape
        qkv = self.qkv_depthwise(self.qkv(self.normed(self.norm1, x)))
        q, k, v = (t.reshape(b, self.heads, c // self.heads, h * w) for t in qkv.chunk(3, 1))
        q, k = F.normalize(q, dim=-1), F.normalize(k, dim=-1)
        weights = (q @ k.transpose(-2, -1) * self.temperature).softmax(-1)
        x = x + self.proj((weights @ v).reshape(b, c, h, w))
        a, gated = self.ffn_depthwise(self.ffn_in(self.normed(self.norm2, x))).chunk(2, 1)
        return x + self.ffn_out(F.gelu(a) * gated)


class Restormer(nn.Module):
    def __init__(self):
        super().__init__()
        stage = lambda count, width, heads: nn.Sequential(*[RestormerBlock(width, heads) for _ in range(count)])
        self.first, self.last = conv(3, 48, bias=False), conv(96, 3, bias=False)
        self.encoders = nn.ModuleList([stage(4, 48, 1), stage(6, 96, 2), stage(6, 192, 4)])
        self.downs = nn.ModuleList([nn.Sequential(conv(48 << i, 24 << i, bias=False), nn.PixelUnshuffle(2)) for i in range(3)])
        self.latent = stage(8, 384, 8)
        self.ups = nn.ModuleList([nn.Sequential(conv(384 >> i, 768 >> i, bias=False), nn.PixelShuffle(2)) for i in range(3)])
        self.reductions = nn.ModuleList([conv(384, 192, 1, False), conv(192, 96, 1, False), nn.Identity()])
        self.decoders = nn.ModuleList([stage(6, 192, 4), stage(6, 96, 2), stage(4, 96, 1)])
        self.refinement = stage(4, 96, 1)

    def forward(self, image):
        x, skips = self.first(image), []
        for encoder, down in zip(self.encoders, self.downs):
            skips.append(encoder(x))
            x = down(skips[-1])
        x = self.latent(x)
        for up, reduce, decoder, skip in zip(self.ups, self.reductions, self.decoders, skips[::-1]):
            x = decoder(reduce(torch.cat((up(x), skip), 1)))
        return self.last(self.refinement(x)) + image


class LeWinBlock(nn.Module):
    def __init__(self, width, heads, shift, modulates):
        super().__init__()
        self.shift, hidden = shift, 4 * width
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.modulator = nn.Parameter(torch.zeros(64, width)) if modulates else None
        self.attn = Attention(width, 8, heads, parts=(1, 2))
        self.linear1, self.depthwise, self.linear2 = nn.Linear(width, hidden), conv(hidden, hidden, groups=hidden), nn.Linear(hidden, width)

    def forward(self, x, mask):
        def attend(windows):
            windows = windows if self.modulator is None else windows + self.modulator
            return self.attn(windows, mask if self.shift else None)

        x = x + windowed(self.norm1(x), 8, self.shift, attend)
        y = planes(F.gelu(self.linear1(self.norm2(x))))
        return x + self.linear2(tokens(F.gelu(self.depthwise(y))))


class LeWinStage(nn.Module):
    def __init__(self, depth, width, heads, shifts, modulates):
        super().__init__()
        self.blocks = nn.ModuleList([LeWinBlock(width, heads, 4 * (i % 2) * shifts, modulates) for i in range(depth)])
        self.shifts = shifts

    def forward(self, x):
        mask = shift_mask(*x.shape[2:], 8, 4) if self.shifts else None
        x = tokens(x)
        for block in self.blocks:
            x = block(x, mask)
        return planes(x).contiguous()


class Uformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.last = conv(3, 32), conv(64, 3)
        self.encoders = nn.ModuleList([LeWinStage(n, 32 << i, 1 << i, True, False) for i, n in enumerate([1, 2, 8, 8])])
        self.downs = nn.ModuleList([conv(32 << i, 64 << i, 4, stride=2, padding=1) for i in range(4)])
        # As in the authors' tests the network is built for images of 128 pixels: its bottleneck of one window shifts nothing.
        self.bottleneck = LeWinStage(2, 512, 16, False, False)
        self.ups = nn.ModuleList([nn.ConvTranspose2d(512 >> max(i - 1, 0), 256 >> i, 2, 2) for i in range(4)])
        self.decoders = nn.ModuleList([LeWinStage(n, 512 >> i, 16 >> i, True, True) for i, n in enumerate([8, 8, 2, 1])])

    def forward(self, image):
        x, skips = F.leaky_relu(self.first(image), 0.01, True), []
        for encoder, down in zip(self.encoders, self.downs):
            skips.append(encoder(x))
            x = down(skips[-1])
        x = self.bottleneck(x)
        for up, decoder, skip in zip(self.ups, self.decoders, skips[::-1]):
            x = decoder(torch.cat((up(x), skip), 1))
        return image + self.last(x)


class AwareConvolution(nn.Module):
    def __init__(self):
        super().__init__()
        self.kernel = nn.Sequential(nn.Linear(64, 64, bias=False), nn.LeakyReLU(0.1, True), nn.Linear(64, 576, bias=False))
        self.conv = conv(64, 64, 1)
        self.attention = nn.Sequential(conv(64, 8, 1, False), nn.LeakyReLU(0.1, True), conv(8, 64, 1, False), nn.Sigmoid())

    def forward(self, x, code):
        b, c, h, w = x.shape
        kernel = self.kernel(code).view(-1, 1, 3, 3)
        y = F.leaky_relu(F.conv2d(x.view(1, -1, h, w), kernel, groups=b * c, padding=1), 0.1, True)
        return self.conv(y.view(b, -1, h, w)) + x * self.attention(code[:, :, None, None])


class AwareBlock(nn.Module):
    def __init__(self):
        super().__init__()
        self.aware1, self.aware2, self.conv1, self.conv2 = AwareConvolution(), AwareConvolution(), conv(64, 64), conv(64, 64)

    def forward(self, x, code):
        y = F.leaky_relu(self.aware1(x, code), 0.1, True)
        y = F.leaky_relu(self.conv1(y), 0.1, True)
        return self.conv2(F.leaky_relu(self.aware2(y, code), 0.1, True)) + x


class AwareGroup(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks, self.conv = nn.ModuleList([AwareBlock() for _ in range(5)]), conv(64, 64)

    def forward(self, x, code):
        y = x
        for block in self.blocks:
            y = block(y, code)
        return self.conv(y) + x


def degradation_encoder():
    widths = [3, 64, 64, 128, 128, 256, 256]
    layers = []
    for i in range(6):
        layers += [conv(widths[i], widths[i + 1], stride=2 if i in (2, 4) else 1), nn.BatchNorm2d(widths[i + 1]), nn.LeakyReLU(0.1, True)]
    return nn.ModuleList([
        nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1)), nn.Sequential(nn.Linear(256, 256), nn.LeakyReLU(0.1, True), nn.Linear(256, 256))])


class Dasr(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder_q, self.encoder_k = degradation_encoder(), degradation_encoder()
        self.compress = nn.Sequential(nn.Linear(256, 64, bias=False), nn.LeakyReLU(0.1, True))
        self.head, self.body, self.tail = conv(3, 64), conv(64, 64), conv(64, 3)
        self.groups = nn.ModuleList([AwareGroup() for _ in range(5)])

    def forward(self, image):
        code = self.compress(self.encoder_q[0](image).flatten(1))
        x = shallow = self.head(image)
        for group in self.groups:
            x = group(x, code)
        return self.tail(self.body(x) + shallow)


NETWORKS = {
    "SRCNN": srcnn, "SRResNet": srresnet, "DnCNN-20": dncnn, "NAFNet-32": NafNet, "RRDBNetx1": Rrdb, "SwinIR": SwinIr,
    "Restormer": Restormer, "Uformer-B": Uformer, "HAT": Hat, "DASRx1": Dasr,
}


def status(key):
    """A size in bytes out of /proc/self/status."""
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith(key))


def main():
    threads, size, name = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    torch.set_grad_enabled(False)
    network = NETWORKS[name]().eval()
    image = torch.rand(1, 3, size, size)
    # Code that a first call would page in is no memory of the network's.
    F.layer_norm(F.linear(F.gelu(F.conv2d(image[:, :, :32, :32], torch.rand(32, 3, 3, 3), padding=1)), torch.rand(32, 32)), (32,)).softmax(-1)
    memory = None

    def run():
        nonlocal memory
        before = status("VmRSS")
        start = time.perf_counter_ns()
        network(image)
        elapsed = time.perf_counter_ns() - start
        memory = memory or status("VmHWM") - before
        return elapsed

    try:
        # Starts a new measurement of the largest resident set.
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")
    except OSError:
        pass
    answers = {
        "parameters": lambda: sum(p.numel() for p in network.parameters()), "run": run,
        "memory": lambda: memory if memory is not None else (run(), memory)[1],
    }
    for line in sys.stdin:
        print(answers[line.strip()](), flush=True)


if __name__ == "__main__":
    main()
