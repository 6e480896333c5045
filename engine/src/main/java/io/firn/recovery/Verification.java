package io.firn.recovery;

import io.firn.FirnException;
import io.firn.VerifyReport;
import io.firn.search.CollectionView;
import io.firn.search.FreshSegment;
import io.firn.search.SealedSegment;
import io.firn.search.Segment;
import io.firn.search.SegmentView;
import io.firn.search.Snapshot;
import io.firn.store.CorruptFileException;
import io.firn.store.SegmentFile;
import io.firn.write.CollectionState;
import io.firn.write.Engine;
import io.firn.write.Fields;
import io.firn.write.IndexCheck;
import io.firn.write.RowId;
import io.firn.write.RowReads;
import io.firn.write.RowRecord;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads a whole database and compares: every block with its checksum, every live row of a segment
 * with its record and id, every graph with the rules of its structure. Works on a snapshot, so the
 * database goes on meanwhile.
 */
public final class Verification {

  private static final int BLOCK_ROWS = 1_024;
  private static final String DERIVED =
      " Or close the database and delete this file: it is derived, and the next open builds it again.";

  private final Engine engine;
  private final List<String> problems = new ArrayList<>();
  private long rows;
  private int files;

  private Verification(Engine engine) {
    this.engine = engine;
  }

  public static VerifyReport run(Engine engine) {
    var verification = new Verification(engine);
    verification.checkTables();
    try (Snapshot snapshot = engine.snapshots().pin()) {
      for (CollectionState collection : engine.collections().all()) {
        CollectionView view = snapshot.collection(collection.number());
        if (view != null) {
          verification.check(collection, view);
        }
      }
    }
    return new VerifyReport(
        verification.rows, verification.files, List.copyOf(verification.problems));
  }

  private void checkTables() {
    try {
      engine.tables().verify();
    } catch (IOException e) {
      problems.add(String.valueOf(e.getMessage()));
    }
  }

  private void check(CollectionState collection, CollectionView view) {
    long live = 0;
    for (SegmentView seen : view.segments()) {
      switch (seen.segment()) {
        case SealedSegment sealed -> checkFiles(sealed);
        case FreshSegment fresh -> checkFresh(collection, view, seen, fresh);
      }
      live += checkRows(collection, view, seen);
    }
    checkIndexes(collection, view);
    if (live != view.liveRows()) {
      problems.add(
          "collection \"%s\" must have %d live rows but its segments have %d. Restore a backup."
              .formatted(collection.name(), view.liveRows(), live));
    }
  }

  private void checkIndexes(CollectionState collection, CollectionView view) {
    try {
      problems.addAll(IndexCheck.problems(engine.tables(), collection, view.nextRowNumber()));
    } catch (FirnException.Corrupt e) {
      problems.add(e.getMessage()); // a record
    }
  }

  private void checkFiles(SealedSegment sealed) {
    for (SegmentFile file : sealed.files()) {
      files++;
      try {
        verify(file);
      } catch (CorruptFileException e) {
        problems.add(e.getMessage() + remedy(file));
      } catch (IOException e) {
        problems.add(file.path() + " cannot be read: " + e.getMessage());
      }
    }
    try {
      sealed.records().validate();
    } catch (CorruptFileException e) {
      problems.add(e.getMessage() + remedy(sealed.records().file()));
    }
  }

  /** Beside a writer a file may be gone, but what is mapped of it stays. */
  private void verify(SegmentFile file) throws IOException {
    try {
      file.verify();
    } catch (NoSuchFileException e) {
      if (!engine.readOnly()) {
        throw e;
      }
      file.requireSound(0, file.payload().byteSize());
    }
  }

  private static String remedy(SegmentFile file) {
    return file.kind().equals("vec") ? "" : DERIVED;
  }

  /** Vectors in memory must be those in LMDB, unless they were sealed since the snapshot. */
  private void checkFresh(
      CollectionState collection, CollectionView view, SegmentView seen, FreshSegment fresh) {
    if (engine.directory() == null) {
      return; // in memory there is nothing to compare with
    }
    for (int ordinal = 0; ordinal < seen.rowCount(); ordinal++) {
      int rowNumber = fresh.rowNumber(ordinal);
      float[] held = view.layout().read(fresh.rows(), ordinal);
      if (!engine.rows().storesVector(collection, rowNumber, held)
          && stillFresh(collection, fresh)) {
        problems.add(
            "the vector of row %d of \"%s\" must be the same in LMDB and in memory but is not. Reopen the database; restore a backup if it stays."
                .formatted(rowNumber, collection.name()));
        return;
      }
    }
  }

  private boolean stillFresh(CollectionState collection, FreshSegment fresh) {
    engine.settledSequence(); // else a seal may be in the tables and in no snapshot yet
    try (Snapshot now = engine.snapshots().pin()) {
      CollectionView view = now.collection(collection.number());
      return view != null
          && view.segments().stream().anyMatch(seen -> seen.segment().equals(fresh));
    }
  }

  private long checkRows(CollectionState collection, CollectionView view, SegmentView seen) {
    Segment segment = seen.segment();
    int[] block = new int[BLOCK_ROWS];
    int count = 0;
    long live = 0;
    int before = -1;
    for (int ordinal = 0; ordinal < seen.rowCount(); ordinal++) {
      int rowNumber = segment.rowNumber(ordinal);
      if (rowNumber <= before || rowNumber >= view.nextRowNumber()) {
        problems.add(
            "row number %d at ordinal %d of a segment of \"%s\" must be above %d and below %d. Restore a backup."
                .formatted(rowNumber, ordinal, collection.name(), before, view.nextRowNumber()));
        return live;
      }
      before = rowNumber;
      if (view.alive(rowNumber)) {
        block[count++] = rowNumber;
        live++;
      }
      if (count == BLOCK_ROWS || ordinal == seen.rowCount() - 1) {
        checkRecords(collection, view, segment, Arrays.copyOf(block, count));
        count = 0;
      }
    }
    return live;
  }

  private void checkRecords(
      CollectionState collection, CollectionView view, Segment segment, int[] rowNumbers) {
    try {
      List<RowRecord> records = engine.rows().records(collection, view, rowNumbers, Fields.ALL);
      boolean idsAgree = true; // one problem for a block is enough
      for (int i = 0; i < rowNumbers.length; i++) {
        checkId(collection, view, rowNumbers[i], records.get(i));
        idsAgree = idsAgree && sealedIdAgrees(segment, rowNumbers[i], records.get(i));
        rows++;
      }
    } catch (FirnException.Corrupt e) {
      problems.add(e.getMessage());
    }
  }

  private boolean sealedIdAgrees(Segment segment, int rowNumber, RowRecord record) {
    RowId sealed = RowReads.sealedId(segment, rowNumber);
    boolean agrees = sealed == null || sealed.equals(record.id());
    if (!agrees) {
      problems.add(
          "the ids of segment %d must name row %d \"%s\" but name it \"%s\"."
                  .formatted(segment.segmentId().orElseThrow(), rowNumber, record.id(), sealed)
              + DERIVED);
    }
    return agrees;
  }

  /** The id must lead back to the row, unless it was written again since the snapshot. */
  private void checkId(
      CollectionState collection, CollectionView view, int rowNumber, RowRecord record) {
    int found = engine.rows().rowNumber(collection, record.id());
    boolean same = found == rowNumber;
    boolean writtenSince = !view.alive(rowNumber) || found >= view.nextRowNumber() || found < 0;
    if (!same && !(writtenSince && engine.settledSequence() > view.sequence())) {
      problems.add(
          "id \"%s\" of \"%s\" must stand for row %d but stands for row %d. Restore a backup."
              .formatted(record.id(), collection.name(), rowNumber, found));
    }
  }
}
