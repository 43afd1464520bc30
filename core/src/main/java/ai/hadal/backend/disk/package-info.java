/// Weights that do not fit in memory: what the system's page cache may hold, and reading from disk before the
/// computation asks. Everything here is advice to the system; no result depends on it.
@NullMarked
package ai.hadal.backend.disk;

import org.jspecify.annotations.NullMarked;
