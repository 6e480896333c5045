@NullMarked
package io.firn.cli.doctor;

import org.jspecify.annotations.NullMarked;
