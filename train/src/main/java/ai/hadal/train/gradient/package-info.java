/// Gradients of the operations of [ai.hadal.backend.Backend], on float arrays, by one thread each.
@NullMarked
package ai.hadal.train.gradient;

import org.jspecify.annotations.NullMarked;
