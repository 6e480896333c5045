package io.firn;

import java.util.List;

/**
 * What {@link Database#verify} found.
 *
 * @param rows live rows whose record, id and vector were read and agree
 * @param files segment files of which every block was checked
 * @param problems one sentence each with place and remedy; empty if all is well
 */
public record VerifyReport(long rows, int files, List<String> problems) {

  /** True if nothing is wrong. */
  public boolean ok() {
    return problems.isEmpty();
  }
}
