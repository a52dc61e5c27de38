#!/usr/bin/env python3
"""Makes the cases in this folder: smaller ones of the same kinds as the project's golden cases.

    python3 make_fixtures.py FOLDER_OF_make_goldens.py [CASE…]

It needs torch, timm and transformers; the versions used are in each case.json.
"""
import pathlib, shutil, sys

sys.path.insert(0, sys.argv[1])
import make_goldens as goldens
import torch
import transformers as T
from safetensors.torch import save_file

size, d, heads, depth = 24, 24, 4, 2
timm = dict(size=size, patch_size=8, embed_dim=d, depth=depth, num_heads=heads)
hf = dict(hidden_size=d, num_hidden_layers=depth, num_attention_heads=heads, intermediate_size=d * 3 + 4,
          image_size=size, patch_size=8)
processor = lambda cls: cls(size={'height': size, 'width': size})
labelled = lambda cls: cls(id2label=goldens.labels(7), **hf)

# One block for families that differ from those above in names or tokens only.
tiny = dict(size=16, b=1, patch_size=4, embed_dim=12, depth=1, num_heads=2)
tiny_hf = dict(hidden_size=12, num_hidden_layers=1, num_attention_heads=2, image_size=16, patch_size=4)
other_size = dict(run_size=(24, 8), dynamic_img_size=True)
# Rotary positions need heads whose width 4 divides.
rotary, rotary_hf = dict(tiny, num_heads=3), dict(tiny_hf, num_attention_heads=3, intermediate_size=40)


def hf_mae(out):
    """A whole autoencoder, of which the encoder is expected."""
    config = T.ViTMAEConfig(mask_ratio=0.0, intermediate_size=40, decoder_hidden_size=8, decoder_num_hidden_layers=1,
                            decoder_num_attention_heads=2, decoder_intermediate_size=8, **tiny_hf)
    config._attn_implementation = 'eager'
    model = goldens.randomise(T.ViTMAEForPreTraining(config), 11)
    got = goldens.run_hf(model.vit, goldens.pixels(11, 1, 16, 16), noise=torch.arange(16).float()[None])
    model.save_pretrained(str(out))
    goldens.dump(out, got, {'library': 'transformers', 'class': 'ViTMAEModel'})


def hf_clip(out):
    """Both towers, of which the image tower is expected."""
    tower = dict(intermediate_size=40, projection_dim=8, **tiny_hf)
    text = dict(hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=8, vocab_size=9,
                max_position_embeddings=4)
    model = goldens.randomise(T.CLIPModel(T.CLIPConfig(vision_config=tower, text_config=text, projection_dim=8)), 12)
    config = T.CLIPVisionConfig(**tower)
    config._attn_implementation = 'eager'
    vision = T.CLIPVisionModelWithProjection(config).eval()
    vision.load_state_dict({k: v for k, v in model.state_dict().items() if k.startswith('vis')})
    got = goldens.run_hf(vision, goldens.pixels(12, 1, 16, 16))
    model.save_pretrained(str(out))
    goldens.dump(out, got, {'library': 'transformers', 'class': 'CLIPVisionModelWithProjection'})


def original(rename):
    """Saves what timm runs under the names of those who trained such weights, as timm's checkpoint_filter_fn maps them."""
    return lambda model, out: save_file({k: v.contiguous() for k, v in rename(model.state_dict()).items()},
                                        str(out / 'model.safetensors'))


def dinov2_names(w):
    first = 0.1 * torch.randn(1, 1, w['cls_token'].shape[2], generator=torch.Generator().manual_seed(1))
    w = dict(w, mask_token=torch.ones(1, 12), register_tokens=w['reg_token'],
             cls_token=w['cls_token'] - first, pos_embed=torch.cat([first, w['pos_embed']], 1))
    del w['reg_token']
    return w


def deit3_names(w):
    return {k.replace('ls1.gamma', 'gamma_1').replace('ls2.gamma', 'gamma_2'): v for k, v in w.items()}


def mae_names(w):
    return dict(w, mask_token=torch.ones(1, 1, 8), **{'decoder_embed.weight': torch.ones(8, 12)})


def clip_names(w):
    names = [('blocks.', 'transformer.resblocks.'), ('attn.qkv.', 'attn.in_proj_'), ('attn.proj', 'attn.out_proj'),
             ('patch_embed.proj', 'conv1'), ('pos_embed', 'positional_embedding'), ('cls_token', 'class_embedding'),
             ('norm_pre', 'ln_pre'), ('norm1', 'ln_1'), ('norm2', 'ln_2'), ('norm', 'ln_post'), ('mlp.fc1', 'mlp.c_fc'),
             ('mlp.fc2', 'mlp.c_proj'), ('head.weight', 'proj')]
    out = {'logit_scale': torch.tensor(1.0), 'token_embedding.weight': torch.ones(3, 4)}
    for k, v in w.items():
        if k == 'head.bias':
            continue
        v = {'cls_token': lambda: v[0, 0], 'pos_embed': lambda: v[0], 'head.weight': lambda: v.T}.get(k, lambda: v)()
        for timm_name, name in names:
            k = k.replace(timm_name, name)
        out['visual.' + k] = v
    return out


def eva02_names(w):
    names = [('attn.norm', 'attn.inner_attn_ln'), ('mlp.norm', 'mlp.ffn_ln'), ('mlp.fc1_g', 'mlp.w1'), ('mlp.fc1_x', 'mlp.w2'),
             ('mlp.fc2', 'mlp.w3'), ('q_proj.bias', 'q_bias'), ('v_proj.bias', 'v_bias')]
    out = {'mask_token': torch.ones(1, 1, 12)}
    for k, v in w.items():
        for timm_name, name in names:
            k = k.replace(timm_name, name)
        out[k] = v
    return out


def original_clip(out):
    """timm calls the projection a head with biases of 0, and its results logits."""
    def make(model, path):
        with torch.no_grad():
            model.head.bias.zero_()
        got = goldens.run_timm(model, goldens.pixels(16, 1, 16, 16))
        got['image_embeds'] = got.pop('logits')
        original(clip_names)(model, path)
        expected.update(got)

    expected = {}
    goldens.timm_case(out, 'vit_base_patch16_clip_quickgelu_224', 16, num_classes=8, save=make, **tiny)
    goldens.dump(out, expected, {'library': 'timm', 'layout': 'OpenAI'})


cases = {
    'timm-vit': lambda o: goldens.timm_case(o, 'vit_tiny_patch16_224', 1, **timm),
    'timm-vit-avgpool': lambda o: goldens.timm_case(o, 'vit_tiny_patch16_224', 2, global_pool='avg', **timm),
    'timm-deit-distilled': lambda o: goldens.timm_case(o, 'deit_tiny_distilled_patch16_224', 3, **timm),
    'hf-vit': lambda o: goldens.hf_case(o, T.ViTForImageClassification, labelled(T.ViTConfig), 4, size=size,
                                        processor=processor(T.ViTImageProcessor)),
    'hf-vit-pooler': lambda o: goldens.hf_case(o, T.ViTModel, T.ViTConfig(**hf), 5, size=size,
                                               processor=processor(T.ViTImageProcessor)),
    'hf-deit-distilled': lambda o: goldens.hf_case(o, T.DeiTForImageClassificationWithTeacher,
                                                   labelled(T.DeiTConfig), 6, size=size,
                                                   processor=processor(T.DeiTImageProcessor)),
    'timm-deit3': lambda o: goldens.timm_case(o, 'deit3_small_patch16_224', 7, **other_size, **tiny),
    'timm-dinov2-reg4': lambda o: goldens.timm_case(o, 'vit_small_patch14_reg4_dinov2', 8, num_classes=0, **other_size, **tiny),
    'timm-clip-quickgelu': lambda o: goldens.timm_case(o, 'vit_base_patch16_clip_quickgelu_224', 9, **tiny),
    'hf-dinov2': lambda o: goldens.hf_case(
        o, T.Dinov2ForImageClassification, T.Dinov2Config(id2label=goldens.labels(7), mlp_ratio=3, **tiny_hf), 10, b=1,
        run_size=(24, 8), processor=T.BitImageProcessor(size={'shortest_edge': 20}, crop_size={'height': 16, 'width': 16})),
    'hf-dinov2-registers': lambda o: goldens.hf_case(
        o, T.Dinov2WithRegistersModel, T.Dinov2WithRegistersConfig(mlp_ratio=3, num_register_tokens=2, **tiny_hf), 10, b=1,
        run_size=(24, 8)),
    'hf-vit-mae-encoder': hf_mae,
    'hf-clip-vision': hf_clip,
    'original-dinov2-reg4': lambda o: goldens.timm_case(
        o, 'vit_small_patch14_reg4_dinov2', 13, num_classes=0, save=original(dinov2_names), **other_size, **tiny),
    'original-deit3': lambda o: goldens.timm_case(o, 'deit3_small_patch16_224', 14, save=original(deit3_names), **tiny),
    'original-mae': lambda o: goldens.timm_case(o, 'vit_tiny_patch16_224', 15, num_classes=0, save=original(mae_names), **tiny),
    'original-clip': original_clip,
    'timm-dinov2-swiglu': lambda o: goldens.timm_case(o, 'vit_giant_patch14_dinov2', 17, num_classes=0, mlp_ratio=3, **tiny),
    'timm-beit': lambda o: goldens.timm_case(o, 'beit_base_patch16_224', 18, **tiny),
    'timm-eva02': lambda o: goldens.timm_case(o, 'eva02_base_patch16_clip_224', 19, **rotary),
    'timm-dinov3': lambda o: goldens.timm_case(o, 'vit_small_patch16_dinov3_qkvb', 20, num_classes=0, run_size=(24, 8), **rotary),
    'timm-siglip-map': lambda o: goldens.timm_case(o, 'vit_base_patch16_siglip_224', 21, num_classes=0, **tiny),
    'hf-beit': lambda o: goldens.hf_case(
        o, T.BeitForImageClassification, T.BeitConfig(id2label=goldens.labels(7), use_relative_position_bias=True,
                                                      intermediate_size=40, **tiny_hf), 22, b=1, run_size=(24, 8)),
    'hf-dinov3': lambda o: goldens.hf_case(
        o, T.DINOv3ViTModel, T.DINOv3ViTConfig(num_register_tokens=2, use_gated_mlp=True, hidden_act='silu', **rotary_hf), 23, b=1,
        run_size=(24, 8)),
    'hf-siglip-vision': lambda o: goldens.hf_case(
        o, T.SiglipVisionModel, T.SiglipVisionConfig(intermediate_size=40, **dict(tiny_hf, image_size=18)), 24, b=1, size=18),
    'original-eva02': lambda o: goldens.timm_case(o, 'eva02_base_patch16_clip_224', 25, save=original(eva02_names), **rotary),
}
here = pathlib.Path(__file__).parent
for name, make in cases.items():
    if sys.argv[2:] and name not in sys.argv[2:]:
        continue
    shutil.rmtree(here / name, ignore_errors=True)
    (here / name).mkdir()
    make(here / name)
