/** The path of a search: an immutable snapshot, its segments, and the walk over them. */
@NullMarked
package io.firn.search;

import org.jspecify.annotations.NullMarked;
