/// The bytes that clients send: how long they are waited for, and what it means when no more will come.
@NullMarked
package ai.hadal.server.connection;

import org.jspecify.annotations.NullMarked;
