#!/usr/bin/env python3
"""Makes the pictures beside it and what the reference makes of them.

    python make_fixtures.py PHOTO

PHOTO is scikit-image's chelsea.png (CC0). Needs Pillow 12.3, NumPy, torchvision, timm 1.0.29 and transformers 5.18. The results:

    images/     small pictures in every format that is decoded
    decoded/    each as Pillow decodes it, .convert('RGB'); 16-bit grey as round(v / 257) instead
    resize/     <case>.safetensors: Pillow's resize, with metadata {image, filter, width, height}
    pipeline/   <case>.safetensors and .json: pixel_values and the configuration
"""
import io, json, pathlib, random, struct, sys, zlib
import numpy as np
import transformers
from PIL import Image, ImageCms
from safetensors.numpy import save_file
from timm.data import create_transform, resolve_data_config

here = pathlib.Path(__file__).parent
images, decoded, resize, pipeline = (here / d for d in ('images', 'decoded', 'resize', 'pipeline'))
for d in (images, decoded, resize, pipeline):
    d.mkdir(exist_ok=True)
    for f in d.iterdir():
        f.unlink()
W, H = 37, 29
rng = np.random.default_rng(0)
photo = Image.open(sys.argv[1]).convert('RGB')
rgb = photo.resize((W, H), Image.BICUBIC)
grey = rgb.convert('L')
rgba = rgb.copy()
rgba.putalpha(Image.linear_gradient('L').resize(rgb.size))
noise = Image.fromarray(rng.integers(0, 256, (H, W, 3), dtype=np.uint8))
srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile('sRGB')).tobytes()
expected = {}  # where Pillow is not the reference


def save(image, name, **options):
    image.save(images / name, **options)


def exif(orientation):
    e = Image.Exif()
    e[0x0112] = orientation
    return e


def jpeg():
    for name, s in (('420', '4:2:0'), ('422', '4:2:2'), ('444', '4:4:4')):
        save(rgb, f'baseline{name}.jpg', quality=90, subsampling=s)
        save(rgb, f'progressive{name}.jpg', quality=60, subsampling=s, progressive=True)
    save(noise, 'noise.jpg', quality=80, subsampling=2)
    save(grey, 'grey.jpg')
    save(rgb.convert('CMYK'), 'cmyk.jpg', quality=90, progressive=True)
    save(rgb, 'rgb.jpg', keep_rgb=True)
    save(rgb, 'restart.jpg', restart_marker_blocks=2)
    save(rgb, 'exif6.jpg', exif=exif(6))
    save(rgb, 'icc.jpg', icc_profile=srgb[:len(srgb) // 2])
    for w, h in ((1, 1), (2, 3), (16, 16)):
        save(photo.resize((w, h)), f'{w}x{h}.jpg')
    b = (images / 'baseline444.jpg').read_bytes()
    plain = b[:2] + b[20:]  # without JFIF
    (images / 'no_marker.jpg').write_bytes(plain)
    adobe = lambda t: b'\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00' + bytes([t])
    for t in (0, 1):
        (images / f'adobe{t}.jpg').write_bytes(plain[:2] + adobe(t) + plain[2:])
    c = (images / 'cmyk.jpg').read_bytes()
    at = c.index(b'Adobe') + 11
    (images / 'ycck.jpg').write_bytes(c[:at] + b'\2' + c[at + 1:])
    # 4:4:0: the blocks of a 4:2:2 picture, arranged in columns
    save(rgb.resize((64, 24)), 'tall.jpg', quality=85, subsampling=1)
    b = bytearray((images / 'tall.jpg').read_bytes())
    at = b.index(b'\xff\xc0')
    b[at + 5:at + 9] = struct.pack('>HH', 47, 32)
    b[at + 11] = 0x12
    (images / 'tall.jpg').write_bytes(b)


def chunk(kind, data):
    return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data) & 0xffffffff)


def png():
    for kind, depths in ((0, (1, 2, 4, 8, 16)), (2, (8, 16)), (3, (1, 2, 4, 8)), (4, (8, 16)), (6, (8, 16))):
        for depth in depths:
            for interlaced in (0, 1):
                raw_png(f'kind{kind}_{depth}{"i" if interlaced else ""}.png', kind, depth, 13, 11, interlaced)
    raw_png('short_palette.png', 3, 4, 13, 11, 0, colours=5)
    raw_png('metadata.png', 2, 8, 13, 11, 1, extra=chunk(b'gAMA', struct.pack('>I', 100000)) + chunk(b'teSt', b'x' * 30))
    save(rgb, 'rgb.png')
    save(rgba, 'rgba.png')
    save(grey.convert('LA'), 'grey_alpha.png')
    save(rgb.quantize(40), 'palette.png')
    save(rgb.quantize(16), 'palette_transparent.png', transparency=3)
    save(rgb.quantize(16), 'palette_alpha.png', transparency=bytes(range(16)))
    save(rgb, 'rgb_transparent.png', transparency=rgb.getpixel((3, 3)))
    save(grey, 'grey_transparent.png', transparency=grey.getpixel((3, 3)))
    save(rgb, 'exif8.png', exif=exif(8))
    save(rgb, 'icc.png', icc_profile=srgb)
    save(rgb.crop((0, 0, 1, 1)), '1x1.png')
    save(photo.resize((2, 250)), 'tall.png')
    save(photo.resize((150, 3)), 'wide.png')


def raw_png(name, kind, depth, w, h, interlaced, colours=None, extra=b''):
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[kind]
    samples = rng.integers(0, 1 << depth if colours is None else colours, (h, w, channels))
    if kind == 0 and depth == 16:
        expected[name] = np.repeat(np.rint(samples / 257).astype(np.uint8), 3, axis=2)

    def rows(s):
        if s.size == 0:
            return b''
        out, above = b'', None
        for y, row in enumerate(s):
            bits = ''.join(format(int(v), f'0{depth}b') for v in row.reshape(-1))
            raw = bytes(int(bits[i:i + 8].ljust(8, '0'), 2) for i in range(0, len(bits), 8))
            step = max(1, channels * depth // 8)
            above = above or bytes(len(raw))
            filtered, f = bytearray(), y % 5
            for i, v in enumerate(raw):
                a, b, c = (raw[i - step] if i >= step else 0), above[i], (above[i - step] if i >= step else 0)
                p = a + b - c
                paeth = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
                filtered.append(v - (0, a, b, (a + b) // 2, paeth)[f] & 255)
            out += bytes([f]) + bytes(filtered)
            above = raw
        return out

    passes = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)) if interlaced else ((0, 0, 1, 1),)
    data = b''.join(rows(samples[y::dy, x::dx]) for x, y, dx, dy in passes)
    palette = chunk(b'PLTE', rng.bytes(3 * (colours or 1 << depth))) if kind == 3 else b''
    (images / name).write_bytes(
        b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', w, h, depth, kind, 0, 0, interlaced)) + palette + extra
        + chunk(b'IDAT', zlib.compress(data)) + chunk(b'IEND', b''))


def gif():
    save(rgb.quantize(128), 'palette.gif', interlace=0)
    save(rgb.quantize(128), 'interlaced.gif', interlace=1)
    save(grey, 'grey.gif')
    save(rgb.quantize(8), 'transparent.gif', transparency=2)
    save(rgb.quantize(64), 'animated.gif', save_all=True, append_images=[noise.quantize(64)], duration=50)
    raw_gif('offset.gif', 40, 30, 5, 6)
    raw_gif('offset_transparent.gif', 40, 30, 5, 6, transparent=3)
    raw_gif('offset_local.gif', 40, 30, 5, 6, shared=False)
    raw_gif('beyond.gif', 15, 10, 5, 6)
    raw_gif('no_palette.gif', 20, 15, 0, 0, shared=False, local=False)


def raw_gif(name, width, height, left, top, shared=True, local=None, transparent=None):
    """A frame of 20 x 15 pixels and 8 colours on a canvas."""
    local = not shared if local is None else local
    image = Image.fromarray(rng.integers(0, 8, (15, 20), dtype=np.uint8), 'P')
    image.putpalette(rng.bytes(24))
    f = io.BytesIO()
    image.save(f, 'GIF', optimize=False)
    b = f.getvalue()
    flags = b[10] & 7
    palette = b[13:13 + 3 * (2 << flags)]
    pixels = b[b.index(b'\x2c\0\0\0\0\x14\0\x0f\0', 13 + len(palette)) + 10:]
    out = b'GIF89a' + struct.pack('<HHBBB', width, height, (0x80 | flags) if shared else 0, 1, 0) + (palette if shared else b'')
    if transparent is not None:
        out += b'\x21\xf9\x04\x01\0\0' + bytes([transparent]) + b'\0'
    out += b'\x2c' + struct.pack('<HHHHB', left, top, 20, 15, (0x80 | flags) if local else 0) + (palette if local else b'')
    (images / name).write_bytes(out + pixels)


def bmp():
    save(rgb, 'rgb.bmp')
    save(grey, 'grey.bmp')
    save(rgb.quantize(200), 'palette.bmp')
    save(rgba, 'rgba.bmp')
    raw_bmp('1.bmp', 1, colours=2)
    raw_bmp('4.bmp', 4, colours=16)
    raw_bmp('555.bmp', 16)
    raw_bmp('565.bmp', 16, compression=3, masks=(0xf800, 0x7e0, 0x1f))
    raw_bmp('32.bmp', 32)
    raw_bmp('top_down.bmp', 24, top_down=True)
    runs = b''.join(bytes([10, y, 0, 3, 1, 2, 3, 0]) + b'\0\0' for y in range(11)) + b'\0\1'
    raw_bmp('rle8.bmp', 8, compression=1, colours=256, data=runs)


def raw_bmp(name, bits, compression=0, masks=(), colours=0, top_down=False, data=None):
    w, h = 13, 11
    data = data or rng.bytes((w * bits + 31) // 32 * 4 * h)
    masks = b''.join(struct.pack('<I', m) for m in masks)
    palette = rng.bytes(4 * colours)
    start = 54 + len(masks) + len(palette)
    (images / name).write_bytes(
        b'BM' + struct.pack('<IHHI', start + len(data), 0, 0, start)
        + struct.pack('<IiiHHIIiiII', 40, w, -h if top_down else h, 1, bits, compression, len(data), 2835, 2835, colours, 0)
        + masks + palette + data)


def tiff():
    for name, image in (('rgb', rgb), ('grey', grey), ('bilevel', grey.convert('1')), ('palette', rgb.quantize(40)), ('rgba', rgba), ('cmyk', rgb.convert('CMYK'))):
        save(image, f'{name}_lzw.tiff', compression='tiff_lzw')
    for c in ('packbits', 'tiff_adobe_deflate', 'jpeg'):
        save(rgb, f'rgb_{c}.tiff', compression=c)
    save(grey.convert('1'), 'group4.tiff', compression='group4')
    save(rgb, 'big.tiff', big_tiff=True)
    save(rgb, 'predicted.tiff', compression='tiff_lzw', tiffinfo={317: 2})
    save(rgb, 'pages.tiff', save_all=True, append_images=[noise.copy()])
    for o in range(2, 9):
        save(rgb.crop((0, 0, 5, 3)), f'orientation{o}.tiff', tiffinfo={274: o})
    values = rng.integers(0, 65536, (H, W)).astype(np.uint16)
    save(Image.fromarray(values), 'grey16.tiff', compression='tiff_lzw')
    expected['grey16.tiff'] = np.repeat(np.rint(values / 257).astype(np.uint8)[..., None], 3, axis=2)


def webp():
    for quality in (1, 40, 90):
        for method in (0, 4, 6):
            save(rgb, f'q{quality}_m{method}.webp', quality=quality, method=method)
    save(noise, 'noise.webp', quality=70)
    save(rgba, 'alpha.webp', quality=80)
    save(rgba, 'lossless_alpha.webp', lossless=True, exact=True)
    save(rgb, 'lossless.webp', lossless=True, method=6, quality=100)
    save(rgb, 'lossless_fast.webp', lossless=True, method=0, quality=0)
    save(noise, 'lossless_noise.webp', lossless=True)
    for n in (2, 4, 16, 100):
        save(rgb.quantize(n).convert('RGB'), f'lossless_{n}.webp', lossless=True)
    for w, h in ((1, 1), (2, 3), (17, 16)):
        save(photo.resize((w, h)), f'{w}x{h}.webp', quality=80)
        save(photo.resize((w, h)), f'lossless_{w}x{h}.webp', lossless=True)
    save(rgb, 'icc.webp', icc_profile=srgb, quality=80)
    save(rgb, 'exif5.webp', exif=exif(5), quality=80)
    save(rgba, 'animated.webp', save_all=True, append_images=[noise.convert('RGBA')], duration=100, quality=60)
    partial = Image.new('RGBA', (W, H))
    partial.paste(rgb.crop((0, 0, 11, 9)), (8, 10))
    save(partial, 'animated_part.webp', save_all=True, append_images=[noise.convert('RGBA')], duration=100, lossless=True)


def decode():
    for f in sorted(images.iterdir()):
        pixels = expected.get(f.name)
        image = Image.open(f).convert('RGB') if pixels is None else Image.fromarray(pixels)
        image.save(decoded / (f.stem + '_' + f.suffix[1:] + '.png'), optimize=True)


def resizes():
    filters = {f: getattr(Image, f.upper()) for f in ('nearest', 'box', 'bilinear', 'hamming', 'bicubic', 'lanczos')}
    for name, size in (('rgb.png', (12, 9)), ('rgb.png', (50, 41)), ('rgb.png', (37, 10)), ('wide.png', (16, 16)), ('tall.png', (9, 20)), ('tall.png', (3, 300)), ('1x1.png', (5, 7))):
        for f, code in filters.items():
            result = np.asarray(Image.open(images / name).convert('RGB').resize(size, code)).copy()
            metadata = {'image': name, 'filter': f, 'width': str(size[0]), 'height': str(size[1])}
            save_file({'resized': result}, str(resize / f'{name[:-4]}_{f}_{size[0]}x{size[1]}.safetensors'), metadata=metadata)


def pipelines():
    square, short = (lambda n: {'height': n, 'width': n}), (lambda n: {'shortest_edge': n})
    half = dict(image_mean=[.5] * 3, image_std=[.5] * 3)
    cases = {
        'vit': ('ViT', dict(size=square(14))),
        'vit-integer': ('ViT', dict(size=14, do_normalize=False)),
        'vit-list': ('ViT', dict(size=[12, 15], resample=0)),
        'deit': ('DeiT', dict(size=square(18), crop_size=square(15))),
        'deit-integers': ('DeiT', dict(size=18, crop_size=15, image_mean=[.485, .456, .406], image_std=[.229, .224, .225])),
        'beit': ('Beit', dict(size=17, crop_size=14, do_center_crop=True, resample=1)),
        'beit-uncropped': ('Beit', dict(size=13)),
        'clip': ('CLIP', dict(size=short(16), crop_size=square(16))),
        'clip-integer': ('CLIP', dict(size=15, crop_size=13)),
        'clip-padded': ('CLIP', dict(size=short(9), crop_size={'height': 13, 'width': 16})),
        'dinov2': ('Bit', dict(size=short(18), crop_size=square(14), image_mean=[.485, .456, .406], image_std=[.229, .224, .225])),
        'bounded': ('Bit', dict(size={'shortest_edge': 18, 'longest_edge': 20}, crop_size=square(14), **half)),
        'within': ('CLIP', dict(size={'max_height': 11, 'max_width': 30}, crop_size=square(14))),
        'siglip': ('Siglip', dict(size=square(14))),
        'unresized': ('CLIP', dict(do_resize=False, crop_size=15, do_rescale=False)),
        'scaled': ('ViT', dict(size=13, rescale_factor=1 / 127.5, resample=5, image_mean=1.0, image_std=1.0)),
    }
    for case, (name, config) in cases.items():
        p = getattr(transformers, name + 'ImageProcessorPil')(**config)
        config['image_processor_type'] = name + ('FeatureExtractor' if 'integer' in case else 'ImageProcessor')
        for image in ['rgb.png'] + ['wide.png'] * (case not in ('bounded', 'within')) + ['tall.png'] * (case in ('clip', 'vit')):
            write(case, image, p(images=Image.open(images / image).convert('RGB'), return_tensors='np')['pixel_values'], preprocessor_config=config)
    for case, config in {'dinov3': dict(size=square(14)), 'dinov3-bicubic': dict(size={'height': 17, 'width': 30}, resample=3)}.items():
        p = transformers.DINOv3ViTImageProcessor(**config)
        for image in ('rgb.png', 'wide.png', 'tall.png'):
            values = p(images=Image.open(images / image).convert('RGB'), return_tensors='pt')['pixel_values'].numpy()
            write(case, image, values, preprocessor_config=dict(config, image_processor_type='DINOv3ViTImageProcessorFast'))
    random.seed(0)
    for mode in ('center', 'squash', 'border'):
        for size in ((14, 14), (13, 16)):
            for share, filter in ((.875, 'bilinear'), (.9, 'bicubic'), (1.0, 'lanczos')):
                config = {'input_size': [3, *size], 'interpolation': filter, 'crop_pct': share, 'crop_mode': mode}
                if filter == 'bicubic':
                    config.update(mean=[.5] * 3, std=[.5] * 3)
                t = create_transform(**resolve_data_config({}, pretrained_cfg=config), is_training=False)
                image = random.choice(['rgb.png', 'rgb.png' if mode == 'border' else 'wide.png', 'cmyk_lzw.tiff'])
                write(f'timm-{mode}-{share}-{size[1]}', image, t(Image.open(images / image).convert('RGB'))[None].numpy(), pretrained_cfg=config)


def write(case, image, values, **config):
    name = f'{case}__{image.split(".")[0]}'
    save_file({'pixel_values': np.ascontiguousarray(values.astype(np.float32))}, str(pipeline / f'{name}.safetensors'))
    (pipeline / f'{name}.json').write_text(json.dumps({'image': image, **config}) + '\n')


for make in (jpeg, png, gif, bmp, tiff, webp, decode, resizes, pipelines):
    make()
