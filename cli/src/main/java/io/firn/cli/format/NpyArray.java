package io.firn.cli.format;

/** What the text of an npy header says; an array of one dimension is one row. */
record NpyArray(ElementType type, long count, int width) {}
