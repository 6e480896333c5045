/** Rows out of files, ready to be stored. */
@NullMarked
package io.firn.cli.load;

import org.jspecify.annotations.NullMarked;
