package io.vitj.tensor.kernel;

import static org.junit.jupiter.api.extension.ConditionEvaluationResult.disabled;
import static org.junit.jupiter.api.extension.ConditionEvaluationResult.enabled;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Marks a conformance test. The build runs it at every vector width; it is left out only where the
 * processor itself lacks the width that {@code vitj.simd.bits} asks for, where {@link
 * ActiveProviderTest} demands the error instead.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(OnProcessorWidth.Condition.class)
public @interface OnProcessorWidth {

  /** Compares the width asked for with the processor's. */
  final class Condition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      int preferred = FloatVector.SPECIES_PREFERRED.vectorBitSize();
      int bits = Integer.getInteger(KernelProvider.BITS_PROPERTY, 0);
      return bits <= preferred
          ? enabled(bits + "-bit vectors on a processor of " + preferred + " bits")
          : disabled("this processor has no " + bits + "-bit vectors, only " + preferred);
    }
  }
}
