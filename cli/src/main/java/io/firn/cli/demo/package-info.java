/** The demo: real text in, nearest meanings out, nothing lost in a crash. */
@NullMarked
package io.firn.cli.demo;

import org.jspecify.annotations.NullMarked;
