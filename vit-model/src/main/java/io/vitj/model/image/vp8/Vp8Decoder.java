package io.vitj.model.image.vp8;

import java.io.IOException;

/** Decodes one key frame. */
public final class Vp8Decoder {
  private static final int MACROBLOCK = 16;

  private final FrameHeader header;
  private final int columns;
  private final int rows;
  private final Plane luma;
  private final Plane[] chroma;
  private final LoopFilter.Strength[] filters;
  private final boolean[] innerEdges;
  private final ModeReader modes;
  private final CoefficientReader coefficients;
  private final Predictor predictor = new Predictor();
  private final int[] scratch = new int[16];

  private Vp8Decoder(FrameHeader header) {
    this.header = header;
    this.columns = (header.width + MACROBLOCK - 1) / MACROBLOCK;
    this.rows = (header.height + MACROBLOCK - 1) / MACROBLOCK;
    this.luma = new Plane(MACROBLOCK * columns, MACROBLOCK * rows);
    this.chroma = new Plane[] {new Plane(8 * columns, 8 * rows), new Plane(8 * columns, 8 * rows)};
    this.filters = new LoopFilter.Strength[columns * rows];
    this.innerEdges = new boolean[columns * rows];
    this.modes = new ModeReader(header, columns);
    this.coefficients = new CoefficientReader(header, columns);
  }

  /**
   * Decodes a frame.
   *
   * @param data holds the frame, which is the content of a WebP file's {@code VP8} chunk
   * @param offset where it begins
   * @param length its bytes
   * @return R, G, B of each pixel, row after row
   * @throws IOException if the frame is cut short or malformed
   */
  public static byte[] decode(byte[] data, int offset, int length) throws IOException {
    FrameHeader header = new FrameHeader(data, offset, offset + length);
    Vp8Decoder decoder = new Vp8Decoder(header);
    decoder.reconstruct();
    decoder.filter();
    return new Upsampler(
            decoder.luma, decoder.chroma[0], decoder.chroma[1], header.width, header.height)
        .toRgb();
  }

  private void reconstruct() throws IOException {
    for (int row = 0; row < rows; row++) {
      BoolDecoder in = header.coefficients[row % header.coefficients.length];
      modes.beginRow();
      coefficients.beginRow();
      for (int column = 0; column < columns; column++) {
        modes.read(column);
        macroblock(in, column, row);
      }
      header.modes.requireNotExhausted();
      in.requireNotExhausted();
    }
  }

  private void macroblock(BoolDecoder in, int column, int row) {
    boolean split = modes.split;
    boolean any = false;
    if (modes.skipped) {
      coefficients.skip(column, split);
    } else {
      any = coefficients.read(in, column, split, header.quantizers[modes.segment]);
    }
    int index = row * columns + column;
    filters[index] =
        split ? header.splitFilters[modes.segment] : header.plainFilters[modes.segment];
    innerEdges[index] = split || any;
    if (split) {
      predictBlocks(column, row);
    } else {
      predictor.square(luma, modes.lumaMode, MACROBLOCK * column, MACROBLOCK * row, MACROBLOCK);
      addBlocks(luma, MACROBLOCK * column, MACROBLOCK * row, 4, 0);
    }
    for (int c = 0; c < 2; c++) {
      predictor.square(chroma[c], modes.chromaMode, 8 * column, 8 * row, 8);
      addBlocks(chroma[c], 8 * column, 8 * row, 2, 16 + 4 * c);
    }
  }

  private void addBlocks(Plane plane, int x, int y, int edge, int block) {
    for (int j = 0; j < edge; j++) {
      for (int i = 0; i < edge; i++) {
        add(plane, plane.at(x + 4 * i, y + 4 * j), block + j * edge + i);
      }
    }
  }

  private void add(Plane plane, int at, int block) {
    short[] values = coefficients.coefficients;
    for (int i = 16 * block; i < 16 * block + 16; i++) {
      if (values[i] != 0) {
        InverseTransform.add(values, 16 * block, scratch, plane, at);
        return;
      }
    }
  }

  /** Each 4×4 block is predicted from its finished neighbours. */
  private void predictBlocks(int column, int row) {
    int x = MACROBLOCK * column;
    int y = MACROBLOCK * row;
    // The rightmost blocks of all four rows see the macroblock above on the right. At the picture's
    // right edge that is the last sample above, four times, which the margin has room for.
    int beyond = luma.at(x + MACROBLOCK, y - 1);
    if (row > 0 && column == columns - 1) {
      for (int i = 0; i < 4; i++) {
        luma.samples[beyond + i] = luma.samples[beyond - 1];
      }
    }
    for (int j = 0; j < 4; j++) {
      for (int i = 0; i < 4; i++) {
        int aboveRight = i == 3 ? beyond : luma.at(x + 4 * i + 4, y + 4 * j - 1);
        predictor.block(luma, modes.blockModes[4 * j + i], x + 4 * i, y + 4 * j, aboveRight);
        add(luma, luma.at(x + 4 * i, y + 4 * j), 4 * j + i);
      }
    }
  }

  /** Prediction sees unfiltered neighbours, so filtering comes after the whole picture. */
  private void filter() {
    LoopFilter[] planes = {
      new LoopFilter(luma), new LoopFilter(chroma[0]), new LoopFilter(chroma[1])
    };
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        int index = row * columns + column;
        LoopFilter.Strength strength = filters[index];
        if (strength.limit() == 0) {
          continue;
        }
        boolean inner = innerEdges[index];
        boolean simple = header.simpleFilter;
        int at = luma.at(MACROBLOCK * column, MACROBLOCK * row);
        planes[0].filter(at, MACROBLOCK, strength, column > 0, row > 0, inner, simple);
        for (int c = 0; c < 2 && !simple; c++) {
          at = chroma[c].at(8 * column, 8 * row);
          planes[c + 1].filter(at, 8, strength, column > 0, row > 0, inner, false);
        }
      }
    }
  }
}
