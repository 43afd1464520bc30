/// What backends on the host share: float arrays, rings and entry lists, routing and selection, and the fixed
/// arithmetic that makes their results equal bit for bit.
@NullMarked
package ai.hadal.backend.host;

import org.jspecify.annotations.NullMarked;
