@NullMarked
package io.firn.bench;

import org.jspecify.annotations.NullMarked;
