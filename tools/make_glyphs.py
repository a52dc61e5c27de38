#!/usr/bin/env python3
"""Draws the characters of the captions in pictures into vit-model's glyphs.png, so that they need no font and look the same
everywhere.

    python3 make_glyphs.py FONT.ttf

It needs Pillow. The file in the repository was made from DejaVu Sans 2.37. The characters stand side by side, ASCII from blank
to tilde and then those in MORE; the uppermost row has a white pixel where each begins, and after the last.
"""
import pathlib, sys
from PIL import Image, ImageDraw, ImageFont

SIZE, HEIGHT, BASELINE = 13, 17, 13
MORE = '–·×…'

font = ImageFont.truetype(sys.argv[1], SIZE, layout_engine=ImageFont.Layout.BASIC)
text = ''.join(map(chr, range(32, 127))) + MORE
widths = [round(font.getlength(c)) for c in text]
image = Image.new('L', (sum(widths) + 1, 1 + HEIGHT))
x = 0
for c, width in zip(text, widths):
    cell = Image.new('L', (width, HEIGHT))
    ImageDraw.Draw(cell).text((0, BASELINE), c, fill=255, font=font, anchor='ls')
    image.paste(cell, (x, 1))
    image.putpixel((x, 0), 255)
    x += width
image.putpixel((x, 0), 255)
image.save(pathlib.Path(__file__).parent.parent / 'vit-model/src/main/resources/io/vitj/model/draw/glyphs.png', optimize=True)
