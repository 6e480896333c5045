/**
 * Firn and its peers behind one small interface. Each adapter follows its library's documented best
 * practice; what it chooses is in its parameters, which every row of a result repeats.
 */
@NullMarked
package io.firn.bench.engine;

import org.jspecify.annotations.NullMarked;
