/** Which segments lie in memory, in which form, and how their files are read. */
@NullMarked
package io.firn.tier;

import org.jspecify.annotations.NullMarked;
