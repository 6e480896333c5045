/**
 * The command line. One class per command; what they share is in {@code console}, {@code load} and
 * {@code text}. Of the engine only its public interface, {@code io.firn}, is used.
 */
@NullMarked
package io.firn.cli;

import org.jspecify.annotations.NullMarked;
