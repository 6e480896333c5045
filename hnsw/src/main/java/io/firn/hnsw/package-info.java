/** The graph: it knows nodes and distances, nothing else. */
@NullMarked
package io.firn.hnsw;

import org.jspecify.annotations.NullMarked;
