/** Files, LMDB, locks and checksums of one database directory. */
@NullMarked
package io.firn.store;

import org.jspecify.annotations.NullMarked;
