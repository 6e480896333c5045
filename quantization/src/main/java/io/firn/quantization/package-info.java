/** Codes for vectors: float32 rows to codes, codes back to distances. */
@NullMarked
package io.firn.quantization;

import org.jspecify.annotations.NullMarked;
