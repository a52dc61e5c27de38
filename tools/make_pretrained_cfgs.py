#!/usr/bin/env python3
"""Takes from timm how the photos of each known architecture and tag are preprocessed.

    python3 tools/make_pretrained_cfgs.py

It reads the names of the architectures from PresetsTest and writes
    vit-model/src/main/resources/io/vitj/model/checkpoint/family/pretrained.txt   what vit reads: each architecture by its
                                                                                   default tag, and the tags that differ
    vit-model/src/test/resources/timm/pretrained.txt                              what the test asks for: every name with its tag
A line at the margin is crop_pct, crop_mode, interpolation, mean and std; the names that have them follow. It needs timm.
"""
import collections, pathlib, re, timm
from timm.models import _registry

root = pathlib.Path(__file__).resolve().parent.parent / 'vit-model/src'
known = re.findall(r'^ +(\w+) \d+$', (root / 'test/java/io/vitj/model/PresetsTest.java').read_text(), re.M)
cfgs = {name: cfg for name, cfg in _registry._model_pretrained_cfgs.items() if name.split('.')[0] in known}
assert len(known) > 150 and all(name in cfgs for name in known)


def settings(cfg):
    return ' '.join(map(str, (cfg.crop_pct, cfg.crop_mode, cfg.interpolation, *map(float, cfg.mean), *map(float, cfg.std))))


def write(path, names):
    groups = collections.defaultdict(list)
    for name in names:
        groups[settings(cfgs[name])].append(name)
    lines = ['# timm %s; written by tools/make_pretrained_cfgs.py' % timm.__version__]
    for key in sorted(groups):
        lines += [key] + [' ' + name for name in sorted(groups[key])]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('\n'.join(lines) + '\n')


def differs(name):
    return settings(cfgs[name]) != settings(cfgs[name.split('.')[0]])


write(root / 'main/resources/io/vitj/model/checkpoint/family/pretrained.txt', known + [n for n in cfgs if '.' in n and differs(n)])
write(root / 'test/resources/timm/pretrained.txt', cfgs)
