/** Measures Firn and its peers on equal terms; {@link io.firn.bench.Main} is the way in. */
@NullMarked
package io.firn.bench;

import org.jspecify.annotations.NullMarked;
