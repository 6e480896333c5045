/** Text to vectors, in process. */
@NullMarked
package io.firn.cli.text;

import org.jspecify.annotations.NullMarked;
