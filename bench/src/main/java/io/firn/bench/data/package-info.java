/**
 * What is searched: named real sets, synthetic sets and the caller's own files, each with queries
 * and exact neighbours. Nothing here knows an engine.
 */
@NullMarked
package io.firn.bench.data;

import org.jspecify.annotations.NullMarked;
