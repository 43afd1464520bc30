/// Measurements of the engine's parts. They are run by hand, never as tests.
@NullMarked
package ai.hadal.bench;

import org.jspecify.annotations.NullMarked;
