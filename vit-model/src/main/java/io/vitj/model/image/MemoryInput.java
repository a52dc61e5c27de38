package io.vitj.model.image;

import javax.imageio.stream.ImageInputStreamImpl;

/** An array as ImageIO's readers want it: no cache, no file. */
final class MemoryInput extends ImageInputStreamImpl {
  private final byte[] data;
  private boolean exhausted;

  MemoryInput(byte[] data) {
    this.data = data;
  }

  /** Whether a reader asked for more than there is. */
  boolean exhausted() {
    return exhausted;
  }

  @Override
  public int read() {
    bitOffset = 0;
    if (streamPos >= data.length) {
      exhausted = true;
      return -1;
    }
    return data[(int) streamPos++] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    bitOffset = 0;
    if (streamPos >= data.length) {
      exhausted |= length > 0;
      return length == 0 ? 0 : -1;
    }
    int count = (int) Math.min(length, data.length - streamPos);
    System.arraycopy(data, (int) streamPos, target, offset, count);
    streamPos += count;
    return count;
  }

  @Override
  public long length() {
    return data.length;
  }

  @Override
  public boolean isCached() {
    return true;
  }

  @Override
  public boolean isCachedMemory() {
    return true;
  }
}
