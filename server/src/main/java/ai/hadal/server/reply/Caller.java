package ai.hadal.server.reply;

/// Who asks.
///
/// @param tenant whose share of the machine it is: the name of the key, or the address
/// @param requestId names the request in logs, traces and answers
/// @param traceParent the W3C `traceparent` that it came with, "" if none
public record Caller(String tenant, String requestId, String traceParent) {}
