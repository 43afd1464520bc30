/// The `hadal` command: thin callers of the core library, one class a command.
@NullMarked
package ai.hadal.cli;

import org.jspecify.annotations.NullMarked;
