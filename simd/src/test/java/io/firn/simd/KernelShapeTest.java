package io.firn.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The shape that keeps C2 from boxing vectors on the heap: see {@link FloatKernelVector}. */
class KernelShapeTest {

  /** C2 inlines a hot method up to this many bytes of bytecode into its callers. */
  private static final int FREQ_INLINE_SIZE = 325;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "FloatKernelVector",
        "CosineVector",
        "CodeKernelVector",
        "PackedKernelVector",
        "ByteVectors",
        "Block512",
        "Block128",
        "TableVector",
        "RotationVector",
        "VectorKernelVector",
        "NearestVector"
      })
  void noMethodTakesOrReturnsAVector(String kernel) {
    assertThat(methods(kernel).filter(method -> !isInitialization(method)))
        .isNotEmpty()
        .allSatisfy(method ->
            assertThat(method.methodType().stringValue())
                .as(method.methodName().stringValue())
                .doesNotContain("jdk/incubator/vector"));
  }

  @ParameterizedTest
  @CsvSource({
    "FloatKernelVector, one",
    "FloatKernelVector, four",
    "CosineVector, one",
    "CosineVector, four",
    "CodeKernelVector, one",
    "CodeKernelVector, four",
    "PackedKernelVector, one",
    "PackedKernelVector, four",
    "ByteVectors, product",
    "ByteVectors, squaredL2",
    "ByteVectors, hamming",
    "Block512, sum",
    "Block512, below",
    "Block128, sumPairs",
    "Block128, estimate"
  })
  void theHotKernelsAreTooLargeToBeInlined(String kernel, String method) {
    assertThat(methods(kernel).filter(found -> found.methodName().equalsString(method)))
        .isNotEmpty()
        .allSatisfy(found -> assertThat(codeBytes(found)).isGreaterThan(FREQ_INLINE_SIZE));
  }

  /** Shuffles are made by static methods when the class is initialized, once. */
  private static boolean isInitialization(MethodModel method) {
    return method.methodType().stringValue().endsWith(")Ljdk/incubator/vector/VectorShuffle;");
  }

  private static int codeBytes(MethodModel method) {
    return method.findAttribute(Attributes.code()).map(CodeAttribute::codeLength).orElse(0);
  }

  private static Stream<MethodModel> methods(String kernel) {
    try (InputStream in = KernelShapeTest.class.getResourceAsStream(kernel + ".class")) {
      ClassModel model = ClassFile.of().parse(in.readAllBytes());
      return model.methods().stream();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
