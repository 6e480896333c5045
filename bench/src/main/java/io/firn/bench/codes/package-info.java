/** Codes compared: bytes, recall, speed, beside the quantizers of the peers. */
@NullMarked
package io.firn.bench.codes;

import org.jspecify.annotations.NullMarked;
