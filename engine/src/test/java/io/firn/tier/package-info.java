@NullMarked
package io.firn.tier;

import org.jspecify.annotations.NullMarked;
