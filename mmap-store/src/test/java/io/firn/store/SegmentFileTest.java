package io.firn.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentFileTest {
  @TempDir Path temp;

  @Test
  void smoke() throws Exception {
    try (DatabaseDirectory d = DatabaseDirectory.open(temp.resolve("db"), true, Io.system());
        Arena arena = Arena.ofConfined()) {
      byte[] bytes = new byte[200_000];
      new java.util.Random(1).nextBytes(bytes);
      try (SegmentFile.Writer w =
          SegmentFile.create(d, "vec", 7, new long[] {1, 2}, bytes.length)) {
        w.append(ByteBuffer.wrap(bytes));
        w.finish();
      }
      SegmentFile f = SegmentFile.open(d, "vec", 7, arena);
      f.verify();
      assertThat(f.payload().mismatch(MemorySegment.ofArray(bytes))).isEqualTo(-1);
      try (Lmdb lmdb = Lmdb.open(d, List.of("rows"), Lmdb.Options.defaults())) {
        lmdb.write(tx -> tx.put("rows", new byte[] {1}, new byte[] {2, 3}));
        assertThat(
                lmdb.<byte @org.jspecify.annotations.Nullable []>read(
                    tx -> tx.get("rows", new byte[] {1})))
            .containsExactly(2, 3);
        System.out.println(lmdb.stats());
      }
    }
  }
}
