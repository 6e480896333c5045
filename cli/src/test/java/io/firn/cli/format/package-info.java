@NullMarked
package io.firn.cli.format;

import org.jspecify.annotations.NullMarked;
