package io.vitj.bench;

import io.vitj.tensor.kernel.KernelProvider;
import java.util.ArrayList;
import java.util.List;

/**
 * The kernels that a fork runs on.
 *
 * @param kernels the value of {@value KernelProvider#KERNELS_PROPERTY}
 * @param bits the value of {@value KernelProvider#BITS_PROPERTY}; null for none
 */
record Provider(String kernels, String bits) {
  /** What users get. */
  static final Provider DEFAULT = new Provider("auto", null);

  /** Parses {@code scalar}, {@code vector}, {@code auto}, or one with bits, {@code vector:256}. */
  static Provider parse(String text) {
    int colon = text.indexOf(':');
    return colon < 0
        ? new Provider(text, null)
        : new Provider(text.substring(0, colon), text.substring(colon + 1));
  }

  /** JVM options that choose it. */
  List<String> jvmArgs() {
    List<String> args = new ArrayList<>();
    args.add("-D" + KernelProvider.KERNELS_PROPERTY + '=' + kernels);
    if (bits != null) {
      args.add("-D" + KernelProvider.BITS_PROPERTY + '=' + bits);
    }
    return args;
  }

  /** The name in reports: {@code vector 256-bit}. */
  String description() {
    if (kernels.equals("scalar")) {
      return "scalar";
    }
    return bits == null ? KernelProvider.description() : kernels + ' ' + bits + "-bit";
  }
}
