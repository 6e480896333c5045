@NullMarked
package io.firn.cli.text;

import org.jspecify.annotations.NullMarked;
