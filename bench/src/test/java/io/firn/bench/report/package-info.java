@NullMarked
package io.firn.bench.report;

import org.jspecify.annotations.NullMarked;
