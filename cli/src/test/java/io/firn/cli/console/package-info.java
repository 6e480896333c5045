@NullMarked
package io.firn.cli.console;

import org.jspecify.annotations.NullMarked;
