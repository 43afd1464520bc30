/// The prefix cache: what sequences computed, kept by their tokens in memory and, through a door, in a slower
/// store, so that a prompt that begins like an earlier text continues from there. Knows the model and nothing
/// else of the engine.
@NullMarked
package ai.hadal.engine.prefix;

import org.jspecify.annotations.NullMarked;
