#!/usr/bin/env python3
"""Resamples positions as the libraries do: python3 make_positions.py FOLDER

Needs PyTorch and timm. Each case of positions.json is a rule of GridResampling, the grid (rows, columns, 2), its size and the
result's. Each of relative.json is a table of BEiT's relative positions of two heads, the sides of its patch grid and of the
other.
"""
import json
import pathlib
import sys
import torch
from timm.layers import resize_rel_pos_bias_table
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


relative = []
for side, size in ((2, (4, 4)), (3, (5, 4)), (4, (2, 3)), (5, (5, 7)), (5, (4, 4)), (6, (9, 3))):
    rows = lambda h, w: (2 * h - 1) * (2 * w - 1) + 3
    table = torch.randn(rows(side, side), 2, generator=g)
    result = resize_rel_pos_bias_table(table, size, (rows(*size), 2))
    flat = lambda t: [round(v, 7) for v in t.flatten().tolist()]
    relative.append({'source': (side, side), 'size': size, 'table': flat(table), 'result': flat(result)})

for name, made in (('positions', cases), ('relative', relative)):
    (pathlib.Path(sys.argv[1]) / (name + '.json')).write_text('[' + ',\n '.join(json.dumps(c) for c in made) + ']\n')
