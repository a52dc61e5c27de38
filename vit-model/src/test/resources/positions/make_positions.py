#!/usr/bin/env python3
"""Resamples a grid of position embeddings as the libraries do: python3 make_positions.py > positions.json

Needs PyTorch. Each case is a rule of GridResampling, the grid (rows, columns, 2), its size and the result's.
"""
import json
import torch
from torch.nn.functional import interpolate


def resample(rule, x, size):
    offset = [(n + 0.1) / m for n, m in zip(size, x.shape[2:])]
    return {
        'ANTIALIASED': lambda: interpolate(x, size=size, mode='bicubic', antialias=True),
        'BICUBIC': lambda: interpolate(x, size=size, mode='bicubic', align_corners=False),
        'BICUBIC_OFFSET': lambda: interpolate(x, scale_factor=offset, mode='bicubic'),
    }[rule]()


g = torch.Generator().manual_seed(1)
cases = []
for source, size in (((3, 4), (5, 7)), ((6, 7), (2, 3)), ((2, 2), (3, 1)), ((1, 3), (4, 2)), ((5, 5), (5, 6))):
    x = torch.randn(1, *source, 2, generator=g).permute(0, 3, 1, 2)
    for rule in ('ANTIALIASED', 'BICUBIC', 'BICUBIC_OFFSET'):
        y = resample(rule, x, size)
        assert tuple(y.shape[2:]) == size
        flat = lambda t: [round(v, 7) for v in t[0].permute(1, 2, 0).flatten().tolist()]
        cases.append({'rule': rule, 'source': source, 'size': size, 'grid': flat(x), 'result': flat(y)})
print('[' + ',\n '.join(json.dumps(c) for c in cases) + ']')
