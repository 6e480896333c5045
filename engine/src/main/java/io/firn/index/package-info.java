/** Metadata indexes: keys of values, rows by value, and what a filter makes of them. */
@NullMarked
package io.firn.index;

import org.jspecify.annotations.NullMarked;
