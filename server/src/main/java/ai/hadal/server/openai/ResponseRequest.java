package ai.hadal.server.openai;

import ai.hadal.chat.Message;
import ai.hadal.server.reply.ChatRequest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// A request of the responses API.
///
/// @param instructions what stands before the conversation in this request alone
/// @param conversation all of it, that of earlier responses included
/// @param truncates whether the oldest turns give way if it is too long
/// @param chat the request without its messages
/// @param tools its tools as the client knows them
/// @param form how its reasoning is told
/// @param echo the fields of the response that tell of the request
/// @param store whether the response is kept for later requests
record ResponseRequest(
        @Nullable String instructions,
        List<Message> conversation,
        boolean truncates,
        ChatRequest chat,
        ResponseTools tools,
        ReasoningForm form,
        ObjectNode echo,
        boolean store) {

    /// What the model is asked if the conversation is told from a message on.
    ChatRequest from(int first) {
        var messages = new ArrayList<Message>();
        if (instructions != null) {
            messages.add(new Message.System(instructions));
        }
        conversation.subList(0, first).stream()
                .filter(message -> message instanceof Message.System)
                .forEach(messages::add);
        messages.addAll(conversation.subList(first, conversation.size()));
        return new ChatRequest(
                messages,
                chat.tools(),
                chat.toolChoice(),
                chat.parallelToolCalls(),
                chat.format(),
                chat.mode(),
                chat.maxThinkingTokens(),
                chat.settings());
    }

    /// Where a shortened conversation may begin: at any of its user messages.
    List<Integer> turns() {
        var turns = new ArrayList<Integer>();
        for (int i = 0; i < conversation.size(); i++) {
            if (conversation.get(i) instanceof Message.User) {
                turns.add(i);
            }
        }
        return turns;
    }
}
