/// What backends on the host share: float arrays, rings and entry lists, and the fixed arithmetic of promise 1.
@NullMarked
package ai.hadal.backend.host;

import org.jspecify.annotations.NullMarked;
