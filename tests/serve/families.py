# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Small networks of the families that people train, as torch exports them: what
counts is which operators a family needs, not how good it is."""
import io

import torch
from torch import nn

SIZE, CLASSES = 64, 7


def conv(a, b, size=3, stride=1, groups=1, act=nn.ReLU):
    layers = [nn.Conv2d(a, b, size, stride, size // 2, groups=groups, bias=False), nn.BatchNorm2d(b)]
    return nn.Sequential(*layers, *([act()] if act else []))


class Plain(nn.Sequential):
    """Convolutions, pooling, two fully connected layers: LeNet, AlexNet, VGG."""

    def __init__(self):
        super().__init__(nn.Conv2d(3, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
                         nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.AdaptiveAvgPool2d(4),
                         nn.Flatten(), nn.Linear(256, 32), nn.ReLU(), nn.Dropout(),
                         nn.Linear(32, CLASSES))


class Head(nn.Module):
    """Global average, fully connected: the end of nearly all of them."""

    def __init__(self, width):
        super().__init__()
        self.pool, self.fully = nn.AdaptiveAvgPool2d(1), nn.Linear(width, CLASSES)

    def forward(self, x):
        return self.fully(torch.flatten(self.pool(x), 1))


class Bottleneck(nn.Module):
    def __init__(self, a, b, stride):
        super().__init__()
        self.way = nn.Sequential(conv(a, b // 4, 1), conv(b // 4, b // 4, 3, stride),
                                 conv(b // 4, b, 1, act=None))
        self.short = conv(a, b, 1, stride, act=None)

    def forward(self, x):
        return torch.relu(self.way(x) + self.short(x))


def resnet():
    return nn.Sequential(conv(3, 16, 7, 2), nn.MaxPool2d(3, 2, 1), Bottleneck(16, 32, 1),
                         Bottleneck(32, 64, 2), Head(64))


class Inverted(nn.Module):
    """MobileNet's: wide in the middle, depthwise, with or without squeeze and excitation."""

    def __init__(self, a, b, stride, act, squeeze=None):
        super().__init__()
        wide = a * 4
        self.around = stride == 1 and a == b
        self.expand = nn.Sequential(conv(a, wide, 1, act=act),
                                    conv(wide, wide, 3, stride, groups=wide, act=act))
        self.squeeze = squeeze(wide) if squeeze else nn.Identity()
        self.project = conv(wide, b, 1, act=None)

    def forward(self, x):
        y = self.project(self.squeeze(self.expand(x)))
        return x + y if self.around else y


def mobilenet_v2():
    return nn.Sequential(conv(3, 8, stride=2, act=nn.ReLU6), Inverted(8, 16, 2, nn.ReLU6),
                         Inverted(16, 16, 1, nn.ReLU6), conv(16, 64, 1, act=nn.ReLU6), Head(64))


class Excite(nn.Module):
    def __init__(self, width, act=nn.ReLU, gate=nn.Sigmoid):
        super().__init__()
        self.way = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(width, width // 4, 1), act(),
                                 nn.Conv2d(width // 4, width, 1), gate())

    def forward(self, x):
        return x * self.way(x)


def mobilenet_v3():
    def squeeze(width):
        return Excite(width, nn.ReLU, nn.Hardsigmoid)

    return nn.Sequential(conv(3, 8, stride=2, act=nn.Hardswish),
                         Inverted(8, 16, 2, nn.Hardswish, squeeze),
                         Inverted(16, 16, 1, nn.Hardswish, squeeze), Head(16))


def efficientnet():
    def squeeze(width):
        return Excite(width, nn.SiLU)

    return nn.Sequential(conv(3, 8, stride=2, act=nn.SiLU), Inverted(8, 16, 2, nn.SiLU, squeeze),
                         Inverted(16, 16, 1, nn.SiLU, squeeze), conv(16, 32, 1, act=nn.SiLU),
                         Head(32))


class Fire(nn.Module):
    def __init__(self, a, squeeze, b):
        super().__init__()
        self.squeeze = nn.Conv2d(a, squeeze, 1)
        self.one, self.three = nn.Conv2d(squeeze, b, 1), nn.Conv2d(squeeze, b, 3, padding=1)

    def forward(self, x):
        x = torch.relu(self.squeeze(x))
        return torch.cat([torch.relu(self.one(x)), torch.relu(self.three(x))], 1)


def squeezenet():
    return nn.Sequential(nn.Conv2d(3, 16, 3, 2), nn.ReLU(), nn.MaxPool2d(3, 2, ceil_mode=True),
                         Fire(16, 8, 16), nn.MaxPool2d(3, 2, ceil_mode=True), Fire(32, 8, 16),
                         nn.Conv2d(32, CLASSES, 1), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten())


class Dense(nn.Module):
    def __init__(self, a, growth):
        super().__init__()
        self.way = nn.Sequential(nn.BatchNorm2d(a), nn.ReLU(), nn.Conv2d(a, growth, 3, padding=1))

    def forward(self, x):
        return torch.cat([x, self.way(x)], 1)


def densenet():
    return nn.Sequential(conv(3, 16, 7, 2), Dense(16, 8), Dense(24, 8), nn.AvgPool2d(2),
                         Dense(32, 8), Head(40))


class Shuffle(nn.Module):
    def __init__(self, width):
        super().__init__()
        half = width // 2
        self.way = nn.Sequential(conv(half, half, 1), conv(half, half, 3, groups=half, act=None),
                                 conv(half, half, 1))

    def forward(self, x):
        left, right = x.chunk(2, 1)
        x = torch.cat([left, self.way(right)], 1)
        n, c, h, w = x.shape
        return x.view(n, 2, c // 2, h, w).transpose(1, 2).reshape(n, c, h, w)


def shufflenet():
    return nn.Sequential(conv(3, 16, stride=2), Shuffle(16), Shuffle(16), Head(16))


class ChannelNorm(nn.Module):
    """ConvNeXt's: LayerNorm of the channels, written out."""

    def __init__(self, width):
        super().__init__()
        self.norm = nn.LayerNorm(width)

    def forward(self, x):
        return self.norm(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class Next(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.way = nn.Sequential(nn.Conv2d(width, width, 7, padding=3, groups=width),
                                 ChannelNorm(width), nn.Conv2d(width, width * 4, 1), nn.GELU(),
                                 nn.Conv2d(width * 4, width, 1))

    def forward(self, x):
        return x + self.way(x)


def convnext():
    return nn.Sequential(nn.Conv2d(3, 16, 4, 4), ChannelNorm(16), Next(16), Next(16), Head(16))


class Transformer(nn.Module):
    """ViT: patches, attention, the mean of what comes out."""

    def __init__(self, width=32):
        super().__init__()
        self.patches = nn.Conv2d(3, width, 16, 16)
        self.places = nn.Parameter(torch.zeros(1, (SIZE // 16) ** 2, width))
        self.norm, self.last = nn.LayerNorm(width), nn.Linear(width, CLASSES)
        self.attention = nn.MultiheadAttention(width, 4, batch_first=True)

    def forward(self, x):
        x = self.patches(x).flatten(2).transpose(1, 2) + self.places
        y = self.norm(x)
        return self.last((x + self.attention(y, y, y, need_weights=False)[0]).mean(1))


FAMILIES = {
    "plain": Plain, "resnet": resnet, "mobilenet-v2": mobilenet_v2, "mobilenet-v3": mobilenet_v3,
    "squeezenet": squeezenet, "efficientnet": efficientnet, "densenet": densenet,
    "shufflenet": shufflenet, "convnext": convnext, "vit": Transformer,
}


def build(name, softmax=False):
    """A network with weights of its own that are the same each time."""
    torch.manual_seed(7)
    network = FAMILIES[name]()
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.running_mean, -0.1, 0.1)
            nn.init.uniform_(module.running_var, 0.5, 1.5)
    return (nn.Sequential(network, nn.Softmax(1)) if softmax else network).eval()


def export(network, opset=11, open_batch=False):
    """ONNX bytes, as “torch.onnx.export” writes them without being asked for more."""
    file = io.BytesIO()
    torch.onnx.export(network, torch.zeros(1, 3, SIZE, SIZE), file, opset_version=opset,
                      input_names=["input"], output_names=["output"],
                      dynamic_axes={"input": {0: "batch"}, "output": {0: "batch"}} if open_batch else None)
    return file.getvalue()
