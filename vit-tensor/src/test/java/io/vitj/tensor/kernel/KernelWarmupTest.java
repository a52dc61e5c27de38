package io.vitj.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KernelWarmupTest {
  /**
   * What says something about kernels, and the softmax along rows, which no layer of a ViT asks
   * for.
   */
  private static final Set<String> SETTINGS = Set.of("name", "bits", "blocking", "softmax");

  @Test
  void leavesNoKernelCold() {
    Set<String> called = new HashSet<>();
    Kernels kernels = KernelProvider.kernels();
    Object recording =
        Proxy.newProxyInstance(
            Kernels.class.getClassLoader(),
            new Class<?>[] {Kernels.class},
            (proxy, method, arguments) -> {
              called.add(method.getName());
              return method.invoke(kernels, arguments);
            });
    KernelWarmup.warm((Kernels) recording);
    KernelWarmup.warmBf16((Kernels) recording);

    assertThat(
            Arrays.stream(Kernels.class.getMethods())
                .filter(method -> !method.isDefault())
                .map(Method::getName)
                .distinct())
        .filteredOn(name -> !SETTINGS.contains(name))
        .filteredOn(name -> !name.equals("bf16Tile") || kernels.bf16TileRows() > 0)
        .isSubsetOf(called);
  }
}
