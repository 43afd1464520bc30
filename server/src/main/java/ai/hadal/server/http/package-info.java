/// What all dialects share of HTTP: errors, request bodies, event streams, keys and limits.
@NullMarked
package ai.hadal.server.http;

import org.jspecify.annotations.NullMarked;
