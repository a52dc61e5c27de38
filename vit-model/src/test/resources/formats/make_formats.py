#!/usr/bin/env python3
"""Makes the cases in this folder: one small ViT (base/) in every format that vitj reads.

    python3 make_formats.py

It needs torch, timm, numpy and safetensors. All weights are multiples of 1/128 below 2, so that they are the same in
every floating-point type.
"""
import argparse, collections, json, pathlib, shutil
import numpy as np, timm, torch
from safetensors.torch import save_file

here = pathlib.Path(__file__).parent
torch.manual_seed(3)
DIM, DEPTH, HEADS, PATCH, SIZE, CLASSES = 12, 2, 3, 4, 12, 5
ARCH = 'vit_tiny_patch16_224'
model = timm.create_model(ARCH, img_size=SIZE, patch_size=PATCH, embed_dim=DIM, depth=DEPTH, num_heads=HEADS,
                          num_classes=CLASSES)
state = collections.OrderedDict((k, torch.randint(-255, 256, v.shape) / 128) for k, v in model.state_dict().items())
config = {'architecture': ARCH, 'num_classes': CLASSES, 'pretrained_cfg': {'input_size': [3, SIZE, SIZE]},
          'model_args': {'img_size': SIZE, 'patch_size': PATCH, 'embed_dim': DIM, 'depth': DEPTH, 'num_heads': HEADS}}


def case(name, with_config=True):
    folder = here / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    if with_config:
        (folder / 'config.json').write_text(json.dumps(config) + '\n')
    return folder


def flax(mha, mlp, norm2, position):
    """timm's names and layouts to Flax's, as google-research/vision_transformer and big_vision have them."""
    t = lambda k: state[k].numpy()
    w = {'embedding/kernel': t('patch_embed.proj.weight').transpose(2, 3, 1, 0),
         'embedding/bias': t('patch_embed.proj.bias'), 'cls': t('cls_token'), position: t('pos_embed'),
         'Transformer/encoder_norm/scale': t('norm.weight'), 'Transformer/encoder_norm/bias': t('norm.bias'),
         'head/kernel': t('head.weight').T, 'head/bias': t('head.bias')}
    for i in range(DEPTH):
        p, q = f'Transformer/encoderblock_{i}/', f'blocks.{i}.'
        for a, n in (('LayerNorm_0', 'norm1'), (norm2, 'norm2')):
            w[p + a + '/scale'], w[p + a + '/bias'] = t(q + n + '.weight'), t(q + n + '.bias')
        for n, m in enumerate(('query', 'key', 'value')):
            rows = slice(n * DIM, (n + 1) * DIM)
            w[f'{p}{mha}/{m}/kernel'] = t(q + 'attn.qkv.weight')[rows].T.reshape(DIM, HEADS, -1)
            w[f'{p}{mha}/{m}/bias'] = t(q + 'attn.qkv.bias')[rows].reshape(HEADS, -1)
        w[f'{p}{mha}/out/kernel'] = t(q + 'attn.proj.weight').T.reshape(HEADS, -1, DIM)
        w[f'{p}{mha}/out/bias'] = t(q + 'attn.proj.bias')
        for n in (0, 1):
            w[f'{p}{mlp}/Dense_{n}/kernel'] = t(f'{q}mlp.fc{n + 1}.weight').T
            w[f'{p}{mlp}/Dense_{n}/bias'] = t(f'{q}mlp.fc{n + 1}.bias')
    return w


paper = lambda: flax('MultiHeadDotProductAttention_1', 'MlpBlock_3', 'LayerNorm_2',
                     'Transformer/posembed_input/pos_embedding')
big_vision = lambda: flax('MultiHeadDotProductAttention_0', 'MlpBlock_0', 'LayerNorm_1', 'pos_embedding')


def bfloat16(a):
    return (np.ascontiguousarray(a, np.float32).view(np.uint32) >> 16).astype(np.uint16).view('V2').reshape(a.shape)


save_file({k: v.contiguous() for k, v in state.items()}, str(case('base') / 'model.safetensors'))

folder, names = case('sharded'), list(state)
shards = {f'model-0000{i + 1}-of-00003.safetensors': names[i::3] for i in range(3)}
for number, (shard, held) in enumerate(shards.items()):
    kind = (torch.float32, torch.float16, torch.bfloat16)[number]
    save_file({k: state[k].to(kind).contiguous() for k in held}, str(folder / shard), metadata={'format': 'pt'})
index = {'metadata': {'total_size': 0}, 'weight_map': {k: shard for shard, held in shards.items() for k in held}}
(folder / 'model.safetensors.index.json').write_text(json.dumps(index, indent=1) + '\n')

# np.savez keeps the order of arrays that are contiguous in Fortran's sense: kernels are transposed, so most are
np.savez(case('google', False) / 'ViT.npz', **paper())

target = {'opt/target/' + k: np.ascontiguousarray(v) for k, v in paper().items()}
target |= {'opt/state/step': np.array(7, np.int32), 'opt/target/pre_logits/kernel': np.eye(DIM, 20, dtype=np.float64),
           'opt/target/pre_logits/bias': np.zeros(20, np.float16),
           'opt/target/head/kernel': np.zeros((20, CLASSES), np.float32)}
np.savez_compressed(case('google-target', False) / 'ViT.npz', **target)

w = {'params/' + k: bfloat16(v) for k, v in big_vision().items()}
w['params/pos_embedding'] = big_vision()['pos_embedding'][0, 1:].astype(np.float16)
np.savez(case('big-vision', False) / 'vit.npz', **w)

w = {}
for k, v in big_vision().items():
    if '/encoderblock_' not in k:
        w['params/img/' + k] = v
    elif '/encoderblock_0/' in k:
        parts = [big_vision()[k.replace('_0/', f'_{i}/', 1)] for i in range(DEPTH)]
        w['params/img/' + k.replace('encoderblock_0', 'encoderblock')] = np.stack(parts)
del w['params/img/cls']
w['params/img/pos_embedding'] = w['params/img/pos_embedding'][:, 1:].reshape(SIZE // PATCH, SIZE // PATCH, DIM)
w['params/t'] = np.zeros(1, np.float32)
np.savez_compressed(case('big-vision-stacked', False) / 'vit.npz', **w)

torch.save(state, case('torch-zip') / 'model.pth')
torch.save(state, case('torch-legacy') / 'model.pth', _use_new_zipfile_serialization=False)

wrapped = collections.OrderedDict(('module.backbone.' + k, v) for k, v in state.items() if not k.startswith('head.'))
wrapped['module.head.mlp.0.weight'] = torch.ones(2, 2)
training = {'student': {k: torch.zeros(1) for k in wrapped}, 'teacher': wrapped, 'epoch': 3,
            'optimizer': {'state': {0: {'step': torch.tensor(5), 'exp_avg': torch.zeros(2)}},
                          'param_groups': [{'lr': np.float64(1e-4), 'betas': (0.9, 0.999), 'params': [0]}]},
            'args': argparse.Namespace(arch='vit_small', lr=5e-4, use_fp16=True, seeds={1, 2}, big=1 << 70)}
folder = case('torch-dino', False)
torch.save(training, folder / 'checkpoint.pth')

# views: transposed, every second, from the middle, shared storages, one element, Parameters, four types
views = collections.OrderedDict()
kinds = (torch.float32, torch.float16, torch.bfloat16, torch.float64)
for n, (k, v) in enumerate(state.items()):
    v = v.to(kinds[n % 4])
    if v.ndim == 2:
        v = v.T.contiguous().T
    elif v.ndim == 4:
        v = v.permute(2, 0, 3, 1).contiguous().permute(1, 3, 0, 2)
    elif v.ndim == 1 and n % 3 == 0:
        v = torch.stack([v, v + 1], 1).reshape(-1)[::2]
    elif v.ndim == 3:
        v = torch.cat([v + 1, v, v + 1], 1)[:, v.shape[1]:2 * v.shape[1]]
    views[k] = torch.nn.Parameter(v) if n % 2 else v
for name, new in (('torch-views', True), ('torch-views-legacy', False)):
    torch.save({'state_dict': views}, case(name) / 'model.pt', _use_new_zipfile_serialization=new)


class Nothing(torch.nn.Module):
    def forward(self, x):
        return x


def module(weights):
    """A module that holds these weights and computes nothing: of a TorchScript program only weights are read."""
    made = Nothing()
    for name in dict.fromkeys(k.split('.')[0] for k in weights):
        if name in weights:
            made.register_buffer(name, weights[name])
        else:
            inner = {k[len(name) + 1:]: v for k, v in weights.items() if k.startswith(name + '.')}
            made.add_module(name, module(inner))
    return made


torch.jit.trace(module(state), torch.zeros(1)).save(case('torch-script') / 'model.pt')
