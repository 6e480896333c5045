/** A file system that remembers, and what a power cut could leave of it. */
@NullMarked
package io.firn.crash;

import org.jspecify.annotations.NullMarked;
