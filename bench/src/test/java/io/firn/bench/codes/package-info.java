@NullMarked
package io.firn.bench.codes;

import org.jspecify.annotations.NullMarked;
