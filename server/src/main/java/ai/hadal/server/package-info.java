/// The model over HTTP.
@NullMarked
package ai.hadal.server;

import org.jspecify.annotations.NullMarked;
