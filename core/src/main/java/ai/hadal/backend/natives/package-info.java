/// Kernels in C for what Java has no instruction for, called through the foreign function interface. There is a Java
/// twin of each, which gives the same bits and serves where the library can't.
@NullMarked
package ai.hadal.backend.natives;

import org.jspecify.annotations.NullMarked;
