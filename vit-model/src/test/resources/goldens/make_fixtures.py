#!/usr/bin/env python3
"""Makes the cases in this folder: smaller ones of the same kinds as the project's golden cases.

    python3 make_fixtures.py FOLDER_OF_make_goldens.py

It needs torch, timm and transformers; the versions used are in each case.json.
"""
import pathlib, shutil, sys

sys.path.insert(0, sys.argv[1])
import make_goldens as goldens
import transformers as T

size, d, heads, depth = 24, 24, 4, 2
timm = dict(size=size, patch_size=8, embed_dim=d, depth=depth, num_heads=heads)
hf = dict(hidden_size=d, num_hidden_layers=depth, num_attention_heads=heads, intermediate_size=d * 3 + 4,
          image_size=size, patch_size=8)
processor = lambda cls: cls(size={'height': size, 'width': size})
labelled = lambda cls: cls(id2label=goldens.labels(7), **hf)

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
}
here = pathlib.Path(__file__).parent
for name, make in cases.items():
    shutil.rmtree(here / name, ignore_errors=True)
    (here / name).mkdir()
    make(here / name)
