#!/usr/bin/env python3
"""Makes golden cases beside those of the shared generator: architectures and layouts that it lacks.

    python3 tools/make_more_goldens.py FOLDER_OF_make_goldens.py OUT_DIR [--seed N] [--only CASE[,CASE]] [--variant V]

It needs torch, timm and transformers. The layout of a case is the same, and so is how it is checked.
"""
import argparse, json, pathlib, shutil, sys

sys.path.insert(0, sys.argv.pop(1))
import make_goldens as goldens
import timm
import torch
import transformers as T
from timm.models.beit import checkpoint_filter_fn


def text(d):
    return dict(hidden_size=d, num_hidden_layers=1, num_attention_heads=1, intermediate_size=d, vocab_size=11, max_position_embeddings=5)


def siglip(hk, cls, **k):
    return lambda o, s: full_siglip(o, s, cls, T.SiglipConfig(vision_config=dict(hk), text_config=text(hk['hidden_size']), **k))


def full_siglip(out, seed, cls, config):
    """The image tower of a checkpoint that has text weights, or a classifier, beside it."""
    config._attn_implementation = 'eager'
    config.vision_config._attn_implementation = 'eager'
    model = goldens.randomise(cls(config), seed)
    x = goldens.pixels(seed, 2, config.vision_config.image_size, config.vision_config.image_size)
    got = goldens.run_hf(model if config.num_labels and hasattr(model, 'classifier') else model.vision_model, x)
    model.save_pretrained(str(out), safe_serialization=True)
    goldens.dump(out, got, {'library': 'transformers', 'class': cls.__name__})


def beit_resized(out, seed, size, **kw):
    """A checkpoint of one size, and what timm makes of it at another, with its relative positions resized."""
    arch = 'beit_base_patch16_224'
    stored = goldens.timm_case(out, arch, seed, **kw)
    model = timm.create_model(arch, img_size=size, num_classes=10, **kw).eval()
    model.load_state_dict(checkpoint_filter_fn(stored.state_dict(), model))
    goldens.dump(out, goldens.run_timm(model, goldens.pixels(seed, 2, *size)), {'library': 'timm', 'architecture': arch})


def build(v):
    d, h, n = ((48, 3, 3), (72, 3, 2), (40, 5, 4))[v % 3]
    kw = dict(patch_size=8, embed_dim=d, depth=n, num_heads=h)
    hk = dict(hidden_size=d, num_hidden_layers=n, num_attention_heads=h, intermediate_size=d * 3 + 4, image_size=48, patch_size=8)
    made = lambda arch, **k: lambda o, s: goldens.timm_case(o, arch, s, **dict(kw, **k))
    dinov3 = lambda **k: lambda o, s: goldens.hf_case(o, T.DINOv3ViTModel, T.DINOv3ViTConfig(num_register_tokens=4, **dict(hk, **k.pop('config', {}))), s, **k)
    beit = lambda **k: lambda o, s: goldens.hf_case(o, T.BeitForImageClassification, T.BeitConfig(id2label=goldens.labels(7), **dict(hk, **k.pop('config', {}))), s, **k)
    relative = dict(use_relative_position_bias=True)
    return {
        'hf-dinov3': dinov3(processor=T.DINOv3ViTImageProcessor(size={'height': 48, 'width': 48}) if hasattr(T, 'DINOv3ViTImageProcessor') else None),
        'hf-dinov3-resized': dinov3(run_size=(64, 40)),
        'hf-dinov3-gated': dinov3(config=dict(use_gated_mlp=True, hidden_act='silu', query_bias=False, value_bias=False)),
        'hf-dinov2-swiglu': lambda o, s: goldens.hf_case(o, T.Dinov2Model, T.Dinov2Config(use_swiglu_ffn=True, mlp_ratio=4, **{k: x for k, x in hk.items() if k != 'intermediate_size'}), s),
        'hf-beit-shared': beit(config=dict(use_shared_relative_position_bias=True, use_mean_pooling=False, use_mask_token=True, use_absolute_position_embeddings=True)),
        'hf-beit-resized': beit(config=relative, run_size=(64, 40)),
        'hf-beit-model': lambda o, s: goldens.hf_case(o, T.BeitModel, T.BeitConfig(**relative, **hk), s),
        'hf-siglip': siglip(hk, T.SiglipModel),
        'hf-siglip-classifier': siglip(hk, T.SiglipForImageClassification, id2label=goldens.labels(7)),
        'hf-siglip-resized': lambda o, s: goldens.hf_case(o, T.SiglipVisionModel, T.SiglipVisionConfig(**hk), s, run_size=(64, 40), interpolate_pos_encoding=True),
        'hf-siglip-uneven': lambda o, s: goldens.hf_case(o, T.SiglipVisionModel, T.SiglipVisionConfig(**dict(hk, image_size=52)), s, size=52),
        'timm-eva02-scaled': made('eva02_base_patch14_224'),
        'timm-eva02-clip': made('eva02_base_patch16_clip_224'),
        'timm-eva02-resized': made('eva02_tiny_patch14_224', run_size=(64, 40), dynamic_img_size=True),
        'timm-eva': made('eva_giant_patch14_224', mlp_ratio=3.1),
        'timm-rope-reg4': made('vit_betwixt_patch16_rope_reg4_gap_256'),
        'timm-dinov3-plus': made('vit_small_plus_patch16_dinov3_qkvb', num_classes=0),
        'timm-dinov3-token': made('vit_base_patch16_dinov3', num_classes=5, global_pool='token', run_size=(40, 64)),
        'timm-siglip-gap': made('vit_base_patch16_siglip_gap_224', num_classes=0),
        'timm-siglip-tanh': made('vit_base_patch32_siglip_256'),
        'timm-beit-shared': made('beit_base_patch16_224', use_rel_pos_bias=False, use_shared_rel_pos_bias=True, use_abs_pos_emb=True, global_pool='token'),
        'timm-beit-resized': lambda o, s: beit_resized(o, s, (64, 40), **kw),
        'timm-dinov2-swiglu-reg4': made('vit_giant_patch14_reg4_dinov2', num_classes=0, mlp_ratio=6),
    }


def main():
    a = argparse.ArgumentParser()
    a.add_argument('out', type=pathlib.Path)
    a.add_argument('--seed', type=int, default=7)
    a.add_argument('--only', default='')
    a.add_argument('--variant', type=int, default=0)
    a = a.parse_args()
    for i, (name, make) in enumerate(build(a.variant).items()):
        if a.only and name not in a.only.split(','):
            continue
        out = a.out / name
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir(parents=True)
        make(out, a.seed * 1000 + 500 + i)
        print('ok  ', name)


if __name__ == '__main__':
    main()
