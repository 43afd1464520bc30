package ai.hadal.server.openai;

import ai.hadal.chat.ContentBlock;
import ai.hadal.chat.Message;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Finished responses, so that later requests can go on from them. Those that were not asked for longest
/// are forgotten first. Every tenant sees its own alone. Used by any thread.
public final class ResponseStore {

    private static final int OVERHEAD = 500;

    private final long mostBytes;
    private final Map<String, Stored> responses = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /// A finished response.
    ///
    /// @param tenant whose it is
    /// @param response as it was answered
    /// @param conversation what a request that goes on from it begins with: its input and its answer,
    ///     without its instructions
    record Stored(String tenant, ObjectNode response, List<Message> conversation, long bytes) {

        Stored(String tenant, ObjectNode response, List<Message> conversation) {
            this(tenant, response, List.copyOf(conversation), bytes(response, conversation));
        }

        /// Heap that it takes, roughly.
        private static long bytes(ObjectNode response, List<Message> conversation) {
            return OVERHEAD
                    + 2L * response.toString().length()
                    + conversation.stream().mapToLong(Stored::bytes).sum();
        }

        private static long bytes(Message message) {
            long letters = switch (message) {
                case Message.System system -> system.content().length();
                case Message.Developer developer -> developer.content().length();
                case Message.User user -> letters(user.content());
                case Message.Tool tool -> letters(tool.content());
                case Message.Reminder reminder -> reminder.content().length();
                case Message.Other other -> other.role().length();
                case Message.Assistant said ->
                    said.content().length()
                            + said.reasoning().length()
                            + said.toolCalls().stream()
                                    .mapToLong(call -> call.argumentsJson().length() + (long) OVERHEAD)
                                    .sum();
            };
            return OVERHEAD + 2 * letters;
        }

        private static long letters(List<ContentBlock> blocks) {
            long letters = 0;
            for (var block : blocks) {
                letters += OVERHEAD + (block instanceof ContentBlock.Text(String text) ? text.length() : 0);
            }
            return letters;
        }
    }

    /// @param mostBytes heap that it may take; 0 to store nothing
    public ResponseStore(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    synchronized void put(String id, Stored stored) {
        if (stored.bytes() > mostBytes) {
            return;
        }
        responses.put(id, stored);
        bytes += stored.bytes();
        var eldest = responses.values().iterator();
        while (bytes > mostBytes) {
            bytes -= eldest.next().bytes();
            eldest.remove();
        }
    }

    /// A tenant's response; null if it is not known (any more).
    synchronized @Nullable Stored get(String id, String tenant) {
        var stored = responses.get(id);
        return stored == null || !stored.tenant().equals(tenant) ? null : stored;
    }

    /// Forgets a tenant's response.
    ///
    /// @return whether it was known
    synchronized boolean remove(String id, String tenant) {
        var stored = get(id, tenant);
        if (stored == null) {
            return false;
        }
        responses.remove(id);
        bytes -= stored.bytes();
        return true;
    }
}
