/**
 * How an engine is measured: every answer is checked, recall stands beside every speed, and each
 * engine runs in processes of its own.
 */
@NullMarked
package io.firn.bench.measure;

import org.jspecify.annotations.NullMarked;
