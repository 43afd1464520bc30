package ai.hadal.server.reply;

/// Who asks.
///
/// @param tenant whose share of the machine it is: the name of the key, or the address
/// @param requestId names the request in logs, traces and answers
public record Caller(String tenant, String requestId) {}
