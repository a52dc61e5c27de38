package io.vitj.model.checkpoint.pickle;

import java.util.Map;
import java.util.Set;

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
  /** An object of a TorchScript program; its attributes follow. */
  MODULE,
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

  /** Where a TorchScript program keeps its classes. */
  private static final String CLASSES = "__torch__.";

  /** What the attributes of TorchScript's objects may be beside tensors and numbers. */
  private static final Set<String> TYPED_LISTS =
      Set.of(
          "torch.jit._pickle.build_intlist",
          "torch.jit._pickle.build_doublelist",
          "torch.jit._pickle.build_boollist",
          "torch.jit._pickle.build_tensorlist",
          "torch.jit._pickle.restore_type_tag");

  /**
   * Finds a global of a TorchScript program.
   *
   * @param name its module and its name, with a dot between them
   * @return the global, or null if it is none of these
   */
  static Global ofProgram(String name) {
    if (name.startsWith(CLASSES)) {
      return MODULE;
    }
    return TYPED_LISTS.contains(name) ? INERT : named(name);
  }

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
