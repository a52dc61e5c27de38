package io.vitj.model.checkpoint.zip;

/**
 * One entry of an archive.
 *
 * @param name its name; never used as a path
 * @param deflated whether it is compressed; otherwise its bytes stand in the archive as they are
 * @param start its first byte in the archive
 * @param stored its number of bytes in the archive
 * @param bytes its number of bytes once it is inflated
 * @param crc the CRC-32 of these
 */
public record ZipEntry(
    String name, boolean deflated, long start, long stored, long bytes, int crc) {}
