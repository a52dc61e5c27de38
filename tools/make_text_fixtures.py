#!/usr/bin/env python3
"""Makes small full CLIP and SigLIP checkpoints with tokenizers, and what the reference libraries compute from them.

    python3 tools/make_text_fixtures.py OUT_DIR [--seed N] [--strings N]

Each folder of OUT_DIR is a model as a hub has it, with two files more:
    tokens.json            [[text, ids], …]: what the tokenizer makes of random texts, without padding
    expected.safetensors   pixel_values (B,3,H,W), input_ids (N,T), text_embeds (N,E), image_embeds (B,E) before
                           they are normalised, logits_per_image (B,N); `texts` in its metadata
clip-json, siglip-pieces and siglip2-tokenizer are tokenizers alone. It needs torch, transformers, tokenizers and
sentencepiece; the versions used are in the metadata. Weights are stored as F16.
"""
import argparse, base64, json, math, pathlib, random, re, shutil, struct, tempfile
import torch, tokenizers, transformers
import transformers as T
from safetensors.torch import load_file, save_file
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

torch.set_num_threads(1)
START, END = '<|startoftext|>', '<|endoftext|>'
WORDS = ('a photo of the cat dog car tree red green blue small large house on in with two many people street water sky '
         'bird horse bread plate painting drawing it\'s dogs\' night morning snow mountain river child old new').split()


def corpus(seed):
    r = random.Random(seed)
    return [' '.join(r.choices(WORDS, k=r.randint(3, 12))) for _ in range(2000)]


def texts(seed, n):
    """Ordinary words, and everything else that a text can hold."""
    r = random.Random(seed)
    odd = ['  ', '\t', '\n', '\u00a0', '\u3000', '\u2028', '\x1c', '\x85', "'s", "'LL", "''d", '...', '?!', '<|endoftext|>', '<|STARTOFTEXT|>',
           ' </s> ', '<unk>', '<s>', '▁', '▁▁x', 'é', 'e\u0301', 'İ', 'ΣΑΣ', 'ß', 'ﬁ', '½', '²', '١٢', '中文字', '日本', '한국어', 'नमस्ते', 'ไทย',
           '😀', '👩‍👩‍👧', '🇩🇪', '❤️', '\u200d', '\u0301', '\ufeff', '\x00', '\x7f', '𝒜', '𐍈', '/', '<', '>', '{}', '[x]', '\\', '"', '#1', '3.14', '2024', 'ＡＢＣ', '①', '™']
    kinds = (lambda: r.choice(WORDS), lambda: r.choice(WORDS).upper(), lambda: r.choice(odd), lambda: ' ',
             lambda: ''.join(r.choices('abcxyz0189', k=r.randint(1, 9))), lambda: chr(r.randrange(0x20, 0x250)),
             lambda: chr(r.choice([r.randrange(0x250, 0xd800), r.randrange(0xe000, 0x110000)])))
    made = ['', ' ', 'a photo of a cat.', '  Two  DOGS!! ', 'a ' * 100]
    while len(made) < n:
        glue = r.choice(['', ' ', ' '])
        made.append(glue.join(r.choice(kinds)() for _ in range(r.randint(1, 12))))
    return made[:n]


def clip_vocabulary(merges_wanted, seed):
    """CLIP's layout: bytes, bytes at the end of a word, merges, start and end."""
    base = T.CLIPTokenizer()._tokenizer
    tok = Tokenizer(models.BPE(end_of_word_suffix='</w>'))
    tok.normalizer, tok.pre_tokenizer = base.normalizer, base.pre_tokenizer
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    tok.train_from_iterator(corpus(seed), trainers.BpeTrainer(vocab_size=256 + 60 + merges_wanted, initial_alphabet=letters,
                                                              end_of_word_suffix='</w>', show_progress=False))
    alphabet = letters + [c + '</w>' for c in letters]
    merges = [tuple(m) for m in json.loads(tok.to_str())['model']['merges']][:merges_wanted]
    vocab = alphabet + [''.join(m) for m in merges] + [START, END]
    return {t: i for i, t in enumerate(vocab)}, merges


def charsmap(table):
    """SentencePiece's precompiled_charsmap: a double array over UTF-8 (as darts-clone has it) and the replacements."""
    blob, at, trie = b'', {}, {}
    for source, target in table.items():
        at[source] = len(blob)
        blob += target.encode() + b'\0'
        node = trie
        for b in source.encode():
            node = node.setdefault(b, {})
        node[0] = at[source]
    units, used, bases = {0: 0}, {0}, set()

    def place(index, label, node):
        base = next(b for b in range(1, 1 << 20) if b not in bases and not any(b ^ c in used for c in node))
        bases.add(base)
        used.update(base ^ c for c in node)
        units[index] = (index ^ base) << 10 | (0 in node) << 8 | label
        for c, child in sorted(node.items()):
            if c == 0:
                units[base] = 1 << 31 | child
            else:
                place(base ^ c, c, child)

    place(0, 0, trie)
    size = (max(units) | 0xff) + 1  # every byte from every base lies inside
    return struct.pack('<I%dI' % size, 4 * size, *(units.get(i, 0) for i in range(size))) + blob


def siglip_tokenizer(vocabulary_size, seed):
    tok = Tokenizer(models.Unigram())
    table = {'ﬁ': 'fi', '½': '1/2', '²': '2', '™': 'tm', '①': '1', '\u3000': ' ', '\u00a0': ' ', 'e\u0301': 'é', '\u200d': ' ', '\x7f': ''}
    table.update((chr(0xff21 + i), chr(65 + i)) for i in range(26))
    tok.normalizer = normalizers.Sequence([
        normalizers.Precompiled(charsmap(table)), normalizers.Lowercase(), normalizers.Replace(Regex(r'[!"\#\$%\&\'\(\)\*\+,\-\./:;<=>\?@\[\\\]\^_`\{\|\}\~]'), ''),
        normalizers.Replace(Regex(r'\s+'), ' '), normalizers.Strip()])
    tok.pre_tokenizer = pre_tokenizers.Metaspace(replacement='▁', prepend_scheme='always')
    tok.train_from_iterator(corpus(seed), trainers.UnigramTrainer(vocab_size=vocabulary_size, special_tokens=['<unk>', '</s>'], unk_token='<unk>', show_progress=False))
    tok.post_processor = processors.TemplateProcessing(single='$A </s>', special_tokens=[('</s>', 1)])
    return tok


def siglip_pieces(out, seed, n):
    """SigLIP's own tokenizer: pieces of SentencePiece, and SiglipTokenizer around them. It needs sentencepiece."""
    import sentencepiece
    from transformers.convert_slow_tokenizer import SpmConverter
    out = out / 'siglip-pieces'
    out.mkdir()
    with tempfile.TemporaryDirectory() as folder:
        rules = pathlib.Path(folder) / 'rules.tsv'
        # the mark of a space is a space, as in nmt_nfkc; < and > are known, because SiglipTokenizer encodes <unk> before a text
        table = {'▁': ' ', 'ﬁ': 'fi', '½': '1/2', '²': '2', '™': 'tm', '\u3000': ' ', '\u200d': ' ', 'e\u0301': 'é', **{chr(0xff41 + i): chr(97 + i) for i in range(26)}}
        rules.write_text(''.join('%s\t%s\n' % tuple(' '.join('%X' % ord(c) for c in t) for t in pair) for pair in table.items()))
        (pathlib.Path(folder) / 'corpus.txt').write_text('\n'.join(corpus(seed)))
        sentencepiece.SentencePieceTrainer.train(
            input=folder + '/corpus.txt', model_prefix=folder + '/spiece', vocab_size=120, hard_vocab_limit=False, model_type='unigram', pad_id=-1, bos_id=-1, eos_id=1, unk_id=2,
            normalization_rule_tsv=str(rules), required_chars='<>', add_dummy_prefix=False, minloglevel=2)
        shutil.copy(folder + '/spiece.model', out)
    slow = T.SiglipTokenizer(str(out / 'spiece.model'))
    write_json(out / 'converted.json', json.loads(SpmConverter(slow).converted().to_str()))
    write_json(out / 'tokenizer_config.json', {'tokenizer_class': 'SiglipTokenizer', 'do_lower_case': True, 'eos_token': '</s>', 'pad_token': '</s>', 'unk_token': '<unk>'})
    special = ['</s>', ' </s> ', '<unk>', '</s></s>', 'cat </s> dog', 'a<unk>', '</s>a', '! </s> b', '</S>', '<pad>', '▁</s>', '</s>▁a', '</s>\u3000x \u200d']
    write_json(out / 'tokens.json', [[t, slow(t)['input_ids']] for t in special + texts(seed + 3, n)])


def siglip2_tokenizer(seed):
    """Gemma's kind: BPE without words, bytes for what it does not know."""
    special = ['<pad>', '<eos>', '<bos>', '<unk>', '<mask>'] + ['<0x%02X>' % b for b in range(256)]
    tok = Tokenizer(models.BPE(unk_token='<unk>', fuse_unk=True, byte_fallback=True))
    tok.normalizer = normalizers.Sequence([normalizers.Lowercase(), normalizers.Replace(' ', '▁')])
    tok.pre_tokenizer = pre_tokenizers.Split(' ', behavior='merged_with_previous')
    tok.train_from_iterator(corpus(seed), trainers.BpeTrainer(vocab_size=400, special_tokens=special, show_progress=False, max_token_length=12))
    tok.post_processor = processors.TemplateProcessing(single='$A <eos>', special_tokens=[('<eos>', 1)])
    return tok


def randomise(model, seed):
    g = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, p in model.named_parameters():
            r = torch.randn(p.shape, generator=g)
            if name in ('logit_scale', 'logit_bias'):
                p.copy_(torch.full_like(p, 2.3 if name == 'logit_scale' else -7.5))
            elif p.ndim >= 2 and 'embedding' not in name and 'probe' not in name:
                p.copy_(r * 1.4 / math.sqrt(p[0].numel()))
            elif p.ndim == 1 and name.endswith('weight'):
                p.copy_(1 + 0.2 * r)
            else:
                p.copy_((0.1 if name.endswith('bias') else 0.5) * r)
    return model.eval()


def write_json(path, value):
    path.write_text(json.dumps(value, ensure_ascii=True, separators=(',', ':')) + '\n')


def save_tokenizer(tok, out, settings):
    write_json(out / 'tokenizer.json', json.loads(tok.to_str()))
    write_json(out / 'tokenizer_config.json', settings)


def tokens(out, encode, seed, n):
    write_json(out / 'tokens.json', [[t, encode(t)] for t in texts(seed, n)])


def checkpoint(out, model, processor, encode, length, size, seed):
    model = randomise(model, seed).half()  # stored in half precision, computed in single
    model.save_pretrained(out)
    model = model.float()
    processor.save_pretrained(out)
    labels = ['a photo of a cat.', 'two dogs on the street', 'snow', 'a drawing of a red house in the morning, with many many people on the old street']
    ids = torch.tensor([encode(t, length) for t in labels])
    pixels = torch.randn(2, 3, size, size, generator=torch.Generator().manual_seed(seed + 1))
    with torch.inference_mode():
        text, image = model.get_text_features(input_ids=ids), model.get_image_features(pixel_values=pixels)
        logits = model(input_ids=ids, pixel_values=pixels).logits_per_image
    text, image = (f if torch.is_tensor(f) else f.pooler_output for f in (text, image))
    cosines = torch.nn.functional.normalize(image) @ torch.nn.functional.normalize(text).T
    bias = getattr(model, 'logit_bias', torch.zeros(1)).detach()
    assert torch.allclose(cosines * model.logit_scale.detach().exp() + bias, logits, atol=1e-5)
    versions = {'torch': torch.__version__, 'transformers': transformers.__version__, 'tokenizers': tokenizers.__version__}
    save_file({'pixel_values': pixels, 'input_ids': ids.float(), 'text_embeds': text, 'image_embeds': image, 'logits_per_image': logits.contiguous()},
              str(out / 'expected.safetensors'), {'texts': json.dumps(labels), **versions})
    return labels


def clip(out, name, seed, n, eos=None, activation='quick_gelu'):
    vocab, merges = clip_vocabulary(40, seed)
    out = out / name
    out.mkdir()
    write_json(out / 'vocab.json', vocab)
    (out / 'merges.txt').write_text('#version: 0.2\n' + ''.join('%s %s\n' % m for m in merges))
    write_json(out / 'tokenizer_config.json', {'tokenizer_class': 'CLIPTokenizer', 'model_max_length': 20})
    tok = T.CLIPTokenizer(vocab=vocab, merges=merges)
    encode = lambda t, length=None: tok(t, **({'padding': 'max_length', 'truncation': True, 'max_length': length} if length else {}))['input_ids']
    tokens(out, encode, seed, n)
    config = T.CLIPConfig(
        text_config=dict(vocab_size=len(vocab), hidden_size=16, intermediate_size=36, num_hidden_layers=2, num_attention_heads=2, max_position_embeddings=20,
                         hidden_act=activation, eos_token_id=vocab[END] if eos is None else eos, bos_token_id=vocab[START], pad_token_id=1, projection_dim=12),
        vision_config=dict(hidden_size=20, intermediate_size=44, num_hidden_layers=1, num_attention_heads=2, image_size=16, patch_size=8, hidden_act=activation, projection_dim=12),
        projection_dim=12)
    checkpoint(out, T.CLIPModel(config), T.CLIPImageProcessor(size={'shortest_edge': 16}, crop_size={'height': 16, 'width': 16}), encode, 20, 16, seed)
    return tok


def open_clip(out):
    """The same CLIP under OpenAI's and open_clip's names."""
    source, out = out / 'clip', out / 'open-clip'
    out.mkdir()
    state = load_file(str(source / 'model.safetensors'))
    parts = {'layer_norm1': 'ln_1', 'layer_norm2': 'ln_2', 'mlp.fc1': 'mlp.c_fc', 'mlp.fc2': 'mlp.c_proj', 'self_attn.out_proj': 'attn.out_proj'}
    ends = {'text_model.embeddings.token_embedding.weight': 'token_embedding.weight', 'text_model.embeddings.position_embedding.weight': 'positional_embedding',
            'text_model.final_layer_norm': 'ln_final', 'vision_model.embeddings.class_embedding': 'visual.class_embedding',
            'vision_model.embeddings.patch_embedding.weight': 'visual.conv1.weight', 'vision_model.embeddings.position_embedding.weight': 'visual.positional_embedding',
            'vision_model.pre_layrnorm': 'visual.ln_pre', 'vision_model.post_layernorm': 'visual.ln_post'}
    made = {'logit_scale': state.pop('logit_scale'), 'text_projection': state.pop('text_projection.weight').T.contiguous(),
            'visual.proj': state.pop('visual_projection.weight').T.contiguous()}
    for name, value in state.items():
        block = re.fullmatch(r'(text|vision)_model\.encoder\.layers\.(\d+)\.(.+)\.(weight|bias)', name)
        if not block:
            end = max((e for e in ends if name.startswith(e)), key=len)
            made[ends[end] + name[len(end):]] = value
            continue
        tower, i, part, leaf = block.groups()
        prefix = ('visual.' if tower == 'vision' else '') + 'transformer.resblocks.%s.' % i
        if part in parts:
            made[prefix + parts[part] + '.' + leaf] = value
        elif part == 'self_attn.q_proj':
            made[prefix + 'attn.in_proj_' + leaf] = torch.cat([state[name.replace('q_proj', p + '_proj')] for p in 'qkv'])
    save_file(made, str(out / 'open_clip_model.safetensors'))
    c = json.loads((source / 'config.json').read_text())
    t, v = c['text_config'], c['vision_config']
    write_json(out / 'open_clip_config.json', {
        'model_cfg': {'embed_dim': c['projection_dim'], 'quick_gelu': True,
                      'vision_cfg': {'image_size': v['image_size'], 'layers': v['num_hidden_layers'], 'width': v['hidden_size'], 'patch_size': v['patch_size'],
                                     'head_width': v['hidden_size'] // v['num_attention_heads'], 'mlp_ratio': v['intermediate_size'] / v['hidden_size']},
                      'text_cfg': {'context_length': t['max_position_embeddings'], 'vocab_size': t['vocab_size'], 'width': t['hidden_size'],
                                   'heads': t['num_attention_heads'], 'layers': t['num_hidden_layers']}},
        'preprocess_cfg': {'mean': [0.48145466, 0.4578275, 0.40821073], 'std': [0.26862954, 0.26130258, 0.27577711]}})
    for name in ('vocab.json', 'merges.txt', 'tokenizer_config.json', 'expected.safetensors'):
        shutil.copy(source / name, out)


def siglip(out, seed, n):
    out = out / 'siglip'
    out.mkdir()
    tok = siglip_tokenizer(110, seed)
    save_tokenizer(tok, out, {'tokenizer_class': 'T5Tokenizer', 'pad_token': '</s>', 'eos_token': '</s>', 'unk_token': '<unk>'})
    encode = lambda t, length=None: pad(tok.encode(t).ids, length, 1)
    tokens(out, encode, seed, n)
    tower = dict(hidden_size=16, intermediate_size=36, num_hidden_layers=2, num_attention_heads=2)
    config = T.SiglipConfig(text_config=dict(vocab_size=tok.get_vocab_size(), max_position_embeddings=18, pad_token_id=1, eos_token_id=1, bos_token_id=1, **tower),
                            vision_config=dict(image_size=16, patch_size=8, **tower))
    size = {'height': 16, 'width': 16}
    checkpoint(out, T.SiglipModel(config), T.SiglipImageProcessor(size=size), encode, 18, 16, seed)


def pad(ids, length, padding):
    if length is None:
        return ids
    return (ids if len(ids) <= length else ids[:length - 1] + ids[-1:]) + [padding] * (length - len(ids))


def main():
    p = argparse.ArgumentParser()
    p.add_argument('out', type=pathlib.Path); p.add_argument('--seed', type=int, default=1); p.add_argument('--strings', type=int, default=100)
    a = p.parse_args()
    for name in ('clip', 'clip-json', 'open-clip', 'siglip', 'siglip-pieces', 'siglip2-tokenizer'):
        shutil.rmtree(a.out / name, ignore_errors=True)
    a.out.mkdir(parents=True, exist_ok=True)
    tok = clip(a.out, 'clip', a.seed, a.strings, eos=2)  # as OpenAI's own checkpoints say
    open_clip(a.out)
    (a.out / 'clip-json').mkdir()
    save_tokenizer(tok.backend_tokenizer, a.out / 'clip-json', {'tokenizer_class': 'CLIPTokenizer', 'pad_token': {'content': END, 'special': True}})
    tokens(a.out / 'clip-json', lambda t: tok(t)['input_ids'], a.seed + 1, a.strings)
    siglip(a.out, a.seed, a.strings)
    siglip_pieces(a.out, a.seed, a.strings)
    (a.out / 'siglip2-tokenizer').mkdir()
    tok = siglip2_tokenizer(a.seed)
    save_tokenizer(tok, a.out / 'siglip2-tokenizer', {'tokenizer_class': 'GemmaTokenizer', 'pad_token': '<pad>'})
    tokens(a.out / 'siglip2-tokenizer', lambda t: tok.encode(t).ids, a.seed + 2, a.strings)


if __name__ == '__main__':
    main()
