/// The DeepSeek-V4 architecture: configuration, weights by name, the forward pass and sequence state. Calls the
/// operations of a backend and never loops over elements itself.
@NullMarked
package ai.hadal.model;

import org.jspecify.annotations.NullMarked;
