/**
 * Streaming readers of the vector and truth files of the field: fvecs, bvecs, ivecs, fbin, u8bin,
 * i8bin, ibin and npy. A header is hostile until its sizes agree exactly with the file's length;
 * nothing is allocated before.
 */
@NullMarked
package io.firn.cli.format;

import org.jspecify.annotations.NullMarked;
