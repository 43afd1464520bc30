/// From conversations and texts to packs of token ids with their loss masks.
@NullMarked
package ai.hadal.train.data;

import org.jspecify.annotations.NullMarked;
