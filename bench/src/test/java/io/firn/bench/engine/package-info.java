@NullMarked
package io.firn.bench.engine;

import org.jspecify.annotations.NullMarked;
