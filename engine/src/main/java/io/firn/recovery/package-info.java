/**
 * The path of an open: from the files of a directory to the first snapshot, and their verification.
 */
@NullMarked
package io.firn.recovery;

import org.jspecify.annotations.NullMarked;
