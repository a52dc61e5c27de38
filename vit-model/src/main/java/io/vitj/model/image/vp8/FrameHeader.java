package io.vitj.model.image.vp8;

import java.io.EOFException;
import java.io.IOException;

/**
 * What precedes the macroblocks of a key frame.
 *
 * <p>Source: RFC 6386 section 9 and 19.2.
 */
final class FrameHeader {
  static final int SEGMENTS = 4;
  private static final int TAG_AND_SIZE = 10;

  final int width;
  final int height;

  /** The first partition, from which the modes of the macroblocks follow. */
  final BoolDecoder modes;

  /** The partitions of coefficients; macroblock row y is in number y mod their count. */
  final BoolDecoder[] coefficients;

  /** Probabilities of the segment tree, or null if segments are not mapped. */
  final int[] segmentProbabilities;

  /** The coefficient probabilities, (block type, band, context, node), flat. */
  final int[] probabilities;

  /** Probability that a macroblock has coefficients, or −1 if none says that it has not. */
  final int skipProbability;

  final Quantizer[] quantizers = new Quantizer[SEGMENTS];
  final LoopFilter.Strength[] plainFilters = new LoopFilter.Strength[SEGMENTS];

  /** Filters of macroblocks predicted in 4×4 blocks. */
  final LoopFilter.Strength[] splitFilters = new LoopFilter.Strength[SEGMENTS];

  final boolean simpleFilter;

  /** The steps of the coefficients of one segment. */
  record Quantizer(int y1Dc, int y1Ac, int y2Dc, int y2Ac, int uvDc, int uvAc) {}

  FrameHeader(byte[] data, int offset, int end) throws IOException {
    int tag = tag(data, offset, end);
    width = size(data, offset + 6);
    height = size(data, offset + 8);
    int partition = offset + TAG_AND_SIZE;
    int partitionEnd = partition + (tag >> 5);
    if (partitionEnd > end) {
      throw new EOFException("the compressed data ends too early");
    }
    modes = new BoolDecoder(data, partition, partitionEnd);
    modes.unsigned(2); // colour space and clamping: decoders ignore them

    int[] quantizer = new int[SEGMENTS];
    int[] filter = new int[SEGMENTS];
    boolean segmented = modes.flag();
    boolean mapped = segmented && modes.flag();
    boolean absolute = true;
    if (segmented && modes.flag()) {
      absolute = modes.flag();
      readEach(quantizer, 7);
      readEach(filter, 6);
    }
    segmentProbabilities = mapped ? segmentTree() : null;

    simpleFilter = modes.flag();
    int level = modes.unsigned(6);
    int sharpness = modes.unsigned(3);
    int[] deltas = filterDeltas();
    int parts = 1 << modes.unsigned(2);
    coefficients = partitions(data, partitionEnd, end, parts);
    readQuantizers(segmented, absolute, quantizer);
    for (int s = 0; s < SEGMENTS; s++) {
      int base = segmented ? filter[s] + (absolute ? 0 : level) : level;
      // A level of 0 turns filtering off for the whole frame, whatever the segments say.
      boolean on = level > 0;
      plainFilters[s] = on ? LoopFilter.strength(base + deltas[0], sharpness) : LoopFilter.OFF;
      splitFilters[s] =
          on ? LoopFilter.strength(base + deltas[0] + deltas[1], sharpness) : LoopFilter.OFF;
    }
    modes.flag(); // whether the probabilities outlive the frame: there is only one
    probabilities = Tables.coefficientProbabilities();
    for (int i = 0; i < probabilities.length; i++) {
      if (modes.bit(Tables.UPDATE_PROBABILITIES[i]) != 0) {
        probabilities[i] = modes.unsigned(8);
      }
    }
    skipProbability = modes.flag() ? modes.unsigned(8) : -1;
    modes.requireNotExhausted();
  }

  private static int tag(byte[] data, int offset, int end) throws IOException {
    if (end - offset < TAG_AND_SIZE) {
      throw new EOFException("the frame header is cut short");
    }
    int tag =
        data[offset] & 0xff | (data[offset + 1] & 0xff) << 8 | (data[offset + 2] & 0xff) << 16;
    boolean keyFrame = (tag & 1) == 0;
    boolean shown = (tag >> 4 & 1) != 0;
    boolean startCode =
        data[offset + 3] == (byte) 0x9d && data[offset + 4] == 1 && data[offset + 5] == 0x2a;
    if (!keyFrame || !shown || !startCode || (tag >> 1 & 7) > 3) {
      throw new IOException("not a VP8 key frame");
    }
    return tag;
  }

  /** 14 bits of size; the 2 bits of scaling above them are for players. */
  private static int size(byte[] data, int offset) {
    return (data[offset] & 0xff | (data[offset + 1] & 0xff) << 8) & 0x3fff;
  }

  private void readEach(int[] values, int bits) {
    for (int i = 0; i < values.length; i++) {
      values[i] = modes.optionalSigned(bits);
    }
  }

  private int[] segmentTree() {
    int[] tree = new int[SEGMENTS - 1];
    for (int i = 0; i < tree.length; i++) {
      tree[i] = modes.flag() ? modes.unsigned(8) : 255;
    }
    return tree;
  }

  /** What is added to the filter level of every macroblock, and of those in 4×4 blocks. */
  private int[] filterDeltas() {
    int[] reference = new int[4];
    int[] mode = new int[4];
    boolean enabled = modes.flag();
    if (enabled && modes.flag()) {
      readEach(reference, 6);
      readEach(mode, 6);
    }
    return new int[] {reference[0], mode[0]};
  }

  private static BoolDecoder[] partitions(byte[] data, int offset, int end, int count)
      throws EOFException {
    BoolDecoder[] partitions = new BoolDecoder[count];
    int from = offset + 3 * (count - 1);
    for (int i = 0; i < count; i++) {
      if (from >= end) {
        throw new EOFException("the compressed data ends too early");
      }
      int size = end - from;
      if (i < count - 1) {
        int at = offset + 3 * i;
        int sent = data[at] & 0xff | (data[at + 1] & 0xff) << 8 | (data[at + 2] & 0xff) << 16;
        size = Math.min(size, sent);
      }
      partitions[i] = new BoolDecoder(data, from, from + size);
      from += size;
    }
    return partitions;
  }

  private void readQuantizers(boolean segmented, boolean absolute, int[] segment) {
    int base = modes.unsigned(7);
    int y1Dc = modes.optionalSigned(4);
    int y2Dc = modes.optionalSigned(4);
    int y2Ac = modes.optionalSigned(4);
    int uvDc = modes.optionalSigned(4);
    int uvAc = modes.optionalSigned(4);
    for (int s = 0; s < SEGMENTS; s++) {
      int q = segmented ? segment[s] + (absolute ? 0 : base) : base;
      quantizers[s] =
          new Quantizer(
              Tables.DC_STEPS[clamp(q + y1Dc, 127)],
              Tables.AC_STEPS[clamp(q, 127)],
              2 * Tables.DC_STEPS[clamp(q + y2Dc, 127)],
              Math.max(Tables.AC_STEPS[clamp(q + y2Ac, 127)] * 155 / 100, 8),
              Tables.DC_STEPS[clamp(q + uvDc, 117)],
              Tables.AC_STEPS[clamp(q + uvAc, 127)]);
    }
  }

  private static int clamp(int value, int most) {
    return Math.min(Math.max(value, 0), most);
  }
}
