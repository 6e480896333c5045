/** Distance kernels over memory segments. */
@NullMarked
package io.firn.simd;

import org.jspecify.annotations.NullMarked;
