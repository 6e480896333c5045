/** What this machine gives a vector database, and what could be better. */
@NullMarked
package io.firn.cli.doctor;

import org.jspecify.annotations.NullMarked;
