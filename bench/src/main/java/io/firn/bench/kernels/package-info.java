/** Kernel benchmarks: ours, their scalar twins and the peers' own, on the same data. */
@NullMarked
package io.firn.bench.kernels;

import org.jspecify.annotations.NullMarked;
