#!/usr/bin/env python3
"""Makes what is in this folder: a photo and, for models of ../goldens, what timm's forward_intermediates gives for it, its
attention, and attention rollout in plain numpy float64.

    python3 make_features.py

It needs torch, timm, numpy, Pillow and safetensors; the versions used are in the metadata of the files.
"""
import json, pathlib
import numpy as np, PIL, timm, torch
from PIL import Image
from safetensors.numpy import load_file, save_file
from timm.data import create_transform, resolve_data_config

here = pathlib.Path(__file__).parent


def photo(width=44, height=31):
    y, x = np.mgrid[:height, :width]
    rgb = np.stack([128 + 90 * np.sin(x / 5), 128 + 90 * np.cos(y / 4), 40 + 4 * x], -1)
    rgb[8:20, 12:24] = [250, 220, 30]
    return Image.fromarray(np.clip(rgb, 0, 255).astype(np.uint8))


def rollout(attention, fuse, discard=0.0, start=0):
    """Abnar and Zuidema, 2020: R = A_last ... A_start with A = (fused heads + I) / 2, rows normalised."""
    tokens = attention[0].shape[-1]
    result = np.eye(tokens)
    for a in attention[start:]:
        a = fuse(a.astype(np.float64), axis=0)
        order = np.argsort(a, axis=None, kind='stable')[:int(discard * a.size)]
        a.flat[order[order != 0]] = 0
        a = (a + np.eye(tokens)) / 2
        result = a / a.sum(-1, keepdims=True) @ result
    return result.astype(np.float32)


def case(name, image):
    folder = here.parent / 'goldens' / name
    config = json.loads((folder / 'config.json').read_text())
    model = timm.create_model(config['architecture'], num_classes=config['num_classes'], **config['model_args']).eval()
    model.load_state_dict({k: torch.tensor(v) for k, v in load_file(folder / 'model.safetensors').items()})
    transform = create_transform(**resolve_data_config(pretrained_cfg=config['pretrained_cfg'], model=model))
    x = transform(image)[None]
    got, attention = {}, []
    for block in model.blocks:
        block.attn.fused_attn = False
        block.attn.attn_drop.register_forward_hook(lambda m, a, o: attention.append(o[0].detach().numpy()))
    with torch.inference_mode():
        for norm in (False, True):
            maps = model.forward_intermediates(x, norm=norm, return_prefix_tokens=True, intermediates_only=True)
            for i, (patches, prefix) in enumerate(maps):
                got[f'{"norm." if norm else ""}layer.{i}'] = patches[0].permute(1, 2, 0).numpy()
                got[f'{"norm." if norm else ""}prefix.{i}'] = prefix[0].numpy()
    attention = attention[:len(model.blocks)]
    for i, a in enumerate(attention):
        got[f'attn.{i}'] = a
    got['rollout.mean'] = rollout(attention, np.mean)
    got['rollout.max'] = rollout(attention, np.max)
    got['rollout.min'] = rollout(attention, np.min)
    got['rollout.mean.0.6'] = rollout(attention, np.mean, 0.6)
    got['rollout.max.0.9'] = rollout(attention, np.max, 0.9)
    got['rollout.mean.from.1'] = rollout(attention, np.mean, 0.0, 1)
    versions = {m.__name__: m.__version__ for m in (torch, timm, np, PIL)}
    save_file({k: np.ascontiguousarray(v) for k, v in got.items()}, here / f'{name}.safetensors', versions)


image = photo()
image.save(here / 'photo.png')
for name in ('timm-vit', 'timm-vit-avgpool', 'timm-deit-distilled'):
    case(name, image)
