/**
 * Firn, an embedded vector engine: open a {@link io.firn.Database}, take a {@link
 * io.firn.Collection}, upsert rows and search them by nearness.
 *
 * <p>This package is the whole public interface. The packages below it are the engine's inside and
 * may change at any time.
 */
@NullMarked
package io.firn;

import org.jspecify.annotations.NullMarked;
