/// Which processors there are, how threads are spread over them, and on which node's memory lies what threads touch
/// first. No result depends on it.
@NullMarked
package ai.hadal.backend.topology;

import org.jspecify.annotations.NullMarked;
