/// What is asked about the server rather than of the model: health, load, tokens of a text.
@NullMarked
package ai.hadal.server.operations;

import org.jspecify.annotations.NullMarked;
