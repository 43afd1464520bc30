/// Cached model state on disk: a store of keys and values in append-only segment files that outlives the
/// process, however it ends. It knows bytes only.
@NullMarked
package ai.hadal.engine.disk;

import org.jspecify.annotations.NullMarked;
