/// The CPU backend: Vector API kernels on a team of threads, equal to the reference bit for bit.
@NullMarked
package ai.hadal.backend.cpu;

import org.jspecify.annotations.NullMarked;
