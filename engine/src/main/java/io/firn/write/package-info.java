/** The path of a write: from the caller's thread through group commit to the published snapshot. */
@NullMarked
package io.firn.write;

import org.jspecify.annotations.NullMarked;
