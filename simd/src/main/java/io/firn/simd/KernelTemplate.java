package io.firn.simd;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;

/**
 * A kernel class that is loaded once per constant: each copy is a hidden class whose {@code static
 * final} fields C2 folds, with profiles and compiled code of its own.
 *
 * <p>Copies make one source serve several metrics without a branch in the loop, and a copy that C2
 * compiled badly can be thrown away for a fresh one.
 */
final class KernelTemplate {

  private KernelTemplate() {}

  /**
   * Returns an instance of a fresh copy of {@code template}, which finds {@code constant} by {@link
   * #constant}.
   */
  static <K> K instantiate(Class<? extends K> template, Class<K> kernel, Object constant) {
    try {
      Lookup copy =
          MethodHandles.lookup().defineHiddenClassWithClassData(bytesOf(template), constant, true);
      return kernel.cast(
          copy.findConstructor(copy.lookupClass(), MethodType.methodType(void.class))
              .asType(MethodType.methodType(Object.class))
              .invokeExact());
    } catch (Throwable e) {
      throw new IllegalStateException(
          "kernel " + template.getName() + " cannot be instantiated", e);
    }
  }

  /** Returns the constant that the hidden class of {@code lookup} was created with. */
  static <T> T constant(Lookup lookup, Class<T> type) {
    try {
      return MethodHandles.classData(lookup, java.lang.constant.ConstantDescs.DEFAULT_NAME, type);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] bytesOf(Class<?> template) {
    String file = template.getSimpleName() + ".class";
    try (InputStream in = template.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException(file + " is not beside its package");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
