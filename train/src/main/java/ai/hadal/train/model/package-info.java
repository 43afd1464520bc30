/// The V4 architecture as something that learns: parameters, and each part's way forward and back.
@NullMarked
package ai.hadal.train.model;

import org.jspecify.annotations.NullMarked;
