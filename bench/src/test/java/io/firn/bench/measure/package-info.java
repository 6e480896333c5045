@NullMarked
package io.firn.bench.measure;

import org.jspecify.annotations.NullMarked;
