package io.firn;

import java.nio.file.Path;

/**
 * What a backup is made of.
 *
 * @param path where it is
 * @param files segment files copied or linked
 * @param bytes that were copied; linked files take none
 * @param nanos the time it took
 */
public record BackupReport(Path path, int files, long bytes, long nanos) {}
