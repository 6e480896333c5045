package io.firn;

/**
 * A row with its version, for {@link Collection#upsertIf}.
 *
 * @param version never 0; another one after every write of the row or of its metadata, and never
 *     the same again for this id
 */
public record VersionedRow(Row row, long version) {}
