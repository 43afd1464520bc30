/// The DeepSeek-V4 architecture: configuration, weights by name, the forward pass and sequence state.
@NullMarked
package ai.hadal.model;

import org.jspecify.annotations.NullMarked;
