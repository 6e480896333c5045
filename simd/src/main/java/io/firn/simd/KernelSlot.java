package io.firn.simd;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.MutableCallSite;

/**
 * A place for one kernel, which C2 reads as a constant until {@link #set} replaces the kernel; then
 * it compiles the callers again. A record, because C2 trusts the fields of a constant record.
 *
 * @param <K> interface of the kernel
 */
record KernelSlot<K>(Class<K> type, MutableCallSite site, MethodHandle reader) {

  static <K> KernelSlot<K> of(Class<K> type, K kernel) {
    var site = new MutableCallSite(MethodType.methodType(Object.class));
    var slot = new KernelSlot<>(type, site, site.dynamicInvoker());
    slot.set(kernel);
    return slot;
  }

  K get() {
    try {
      return type.cast((Object) reader.invokeExact());
    } catch (Throwable e) {
      throw new AssertionError("a constant cannot throw", e);
    }
  }

  /** Replaces the kernel for all threads. */
  void set(K kernel) {
    site.setTarget(MethodHandles.constant(Object.class, kernel));
    MutableCallSite.syncAll(new MutableCallSite[] {site});
  }
}
