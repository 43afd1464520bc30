package ai.hadal.server.killed;

/// A request and its answer.
record Exchange(Asking asking, Answered answered) {}
