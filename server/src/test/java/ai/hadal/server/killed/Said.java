package ai.hadal.server.killed;

/// A message of a conversation.
///
/// @param reasoning of the model that a client returns, may be empty
record Said(Role role, String text, String reasoning) {

    enum Role {
        SYSTEM("system"),
        USER("user"),
        ASSISTANT("assistant");

        final String json;

        Role(String json) {
            this.json = json;
        }
    }

    Said(Role role, String text) {
        this(role, text, "");
    }
}
