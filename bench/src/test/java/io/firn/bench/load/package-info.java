@NullMarked
package io.firn.bench.load;

import org.jspecify.annotations.NullMarked;
