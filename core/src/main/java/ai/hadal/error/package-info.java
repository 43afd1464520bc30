/// What a user did wrong, said once: the exception every room throws for bad input.
@NullMarked
package ai.hadal.error;

import org.jspecify.annotations.NullMarked;
