package io.firn;

import java.util.List;

/**
 * What a salvage brought to safety, and what not.
 *
 * @param rows in the new database
 * @param lost rows and parts of files that could not be read, in words; empty if nothing is missing
 */
public record SalvageReport(long rows, List<String> lost) {}
