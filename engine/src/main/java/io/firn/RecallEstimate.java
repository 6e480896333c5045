package io.firn;

/**
 * How well searches by {@link Search#recall} keep what they were asked for, as seen in queries that
 * were checked against all rows.
 *
 * @param k results asked for; other numbers up to the same power of two count here too
 * @param asked the recall asked for last
 * @param ef candidates chosen for it; some queries get one fewer where the recall lies between
 * @param recall average share of the true results found with them
 * @param margin of that average on either side, in 19 of 20 cases
 * @param samples queries checked; below 100 they choose nothing yet
 */
public record RecallEstimate(
    int k, double asked, int ef, double recall, double margin, int samples) {}
