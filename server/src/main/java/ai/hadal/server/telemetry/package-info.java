/// What the server tells those who run it: metrics, logs, flight recorder events.
@NullMarked
package ai.hadal.server.telemetry;

import org.jspecify.annotations.NullMarked;
