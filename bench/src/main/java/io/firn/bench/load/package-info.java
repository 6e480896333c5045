/**
 * Firn as a database: searches and durable writes side by side at given rates, and how fast rows
 * come in.
 */
@NullMarked
package io.firn.bench.load;

import org.jspecify.annotations.NullMarked;
