/**
 * What the commands share towards a person or a program: output, progress, errors and exit codes.
 */
@NullMarked
package io.firn.cli.console;

import org.jspecify.annotations.NullMarked;
