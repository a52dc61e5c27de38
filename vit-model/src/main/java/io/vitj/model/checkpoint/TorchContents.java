package io.vitj.model.checkpoint;

import io.vitj.model.checkpoint.pickle.PickledStorage;
import java.lang.foreign.MemorySegment;
import java.util.function.Function;

/**
 * What a file of PyTorch holds, whichever way it is packed.
 *
 * @param root the value that was saved
 * @param storages finds the bytes of a storage; it throws if the file does not hold exactly them
 */
record TorchContents(Object root, Function<PickledStorage, MemorySegment> storages) {}
