/** Measures how well searches keep the recall they are asked for. */
@NullMarked
package io.firn.bench.recall;

import org.jspecify.annotations.NullMarked;
