/** Searches among some of the rows: speed and recall by selectivity, beside Lucene. */
@NullMarked
package io.firn.bench.filter;

import org.jspecify.annotations.NullMarked;
