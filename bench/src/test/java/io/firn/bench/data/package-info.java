@NullMarked
package io.firn.bench.data;

import org.jspecify.annotations.NullMarked;
