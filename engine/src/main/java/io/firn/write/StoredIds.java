package io.firn.write;

import io.firn.search.IdFile;
import io.firn.search.VectorFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ids of a segment's rows for its {@link IdFile}, read block by block, so that no transaction
 * stays open for long. For one thread.
 */
public final class StoredIds implements IdFile.Source {

  private static final int BLOCK_ROWS = 1_024;

  /** Finds ids in the rows table. */
  public interface Lookup {

    /** The ids of rows, in their order; any id for a row that is dead. */
    List<RowId> of(int[] rowNumbers) throws IOException;
  }

  private final VectorFile rows;
  private final Lookup lookup;
  private List<RowId> block = List.of();
  private int first;

  public StoredIds(VectorFile rows, Lookup lookup) {
    this.rows = rows;
    this.lookup = lookup;
  }

  @Override
  public byte @Nullable [] text(int ordinal) throws IOException {
    String text = id(ordinal).text();
    return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public long number(int ordinal) throws IOException {
    return id(ordinal).number();
  }

  private RowId id(int ordinal) throws IOException {
    if (ordinal < first || ordinal >= first + block.size()) {
      int[] rowNumbers = new int[Math.min(BLOCK_ROWS, rows.size() - ordinal)];
      Arrays.setAll(rowNumbers, i -> rows.rowNumber(ordinal + i));
      first = ordinal;
      block = lookup.of(rowNumbers);
    }
    return block.get(ordinal - first);
  }
}
