package io.vitj.model.checkpoint.pickle;

import java.util.Map;

/**
 * The names that a pickle may ask for. They only say which value stands for what is made by them;
 * none of them leads to code.
 */
enum Global {
  /** A dictionary, empty or from pairs. */
  DICT,
  /** A set, from a list. */
  SET,
  /** A tuple, from a tuple. */
  SIZE,
  /** A tensor, from a storage, an offset, a size and strides. */
  TENSOR,
  /** A tensor, from a tensor. */
  PARAMETER,
  /**
   * What training leaves beside the weights: the checkpoints of DINO, MAE and DeiT carry their
   * command line, and learning rates as scalars of NumPy.
   */
  INERT;

  private static final Map<String, Global> BY_NAME =
      Map.ofEntries(
          Map.entry("collections.OrderedDict", DICT),
          Map.entry("collections.Counter", DICT),
          Map.entry("builtins.set", SET),
          Map.entry("builtins.frozenset", SET),
          Map.entry("__builtin__.set", SET),
          Map.entry("__builtin__.frozenset", SET),
          Map.entry("torch.Size", SIZE),
          Map.entry("torch._utils._rebuild_tensor", TENSOR),
          Map.entry("torch._utils._rebuild_tensor_v2", TENSOR),
          Map.entry("torch._utils._rebuild_parameter", PARAMETER),
          Map.entry("torch._utils._rebuild_parameter_with_state", PARAMETER),
          Map.entry("torch.device", INERT),
          Map.entry("argparse.Namespace", INERT),
          Map.entry("numpy.dtype", INERT),
          Map.entry("numpy.core.multiarray.scalar", INERT),
          Map.entry("numpy._core.multiarray.scalar", INERT),
          Map.entry("_codecs.encode", INERT));

  /**
   * Finds a global.
   *
   * @param name its module and its name, with a dot between them
   * @return the global, or null if it is none of these
   */
  static Global named(String name) {
    return BY_NAME.get(name);
  }
}
