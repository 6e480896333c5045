@NullMarked
package io.firn.cli.demo;

import org.jspecify.annotations.NullMarked;
