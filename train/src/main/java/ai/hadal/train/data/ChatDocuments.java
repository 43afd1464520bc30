package ai.hadal.train.data;

import ai.hadal.chat.ChatPrompt;
import ai.hadal.chat.Message;
import ai.hadal.chat.ThinkingMode;
import ai.hadal.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;

/// Conversations to documents: what a model reads is seen, what the assistant writes is learnt.
///
/// The text is the one that [ChatPrompt] gives a model. A reply is learnt from behind the prompt it answers, whose
/// last token opens the assistant's turn, to its end-of-sentence token inclusive. A reply that the whole conversation
/// shows otherwise than the model wrote it, because its reasoning is dropped later on, is not learnt.
public final class ChatDocuments {

    private final Tokenizer tokenizer;

    public ChatDocuments(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /// The text of a conversation as a model sees it, without the marks of mistakes.
    ///
    /// @throws ai.hadal.chat.ChatException if a message has no encoding
    public static String text(List<Message> messages, ThinkingMode mode) {
        return ChatPrompt.of(messages.stream().map(Mistakes::without).toList(), mode)
                .text();
    }

    /// The document of a conversation. Tools stand in its system or developer message.
    ///
    /// @throws ai.hadal.chat.ChatException if a message has no encoding
    /// @throws ai.hadal.error.HadalException if the marks of a mistake are not in pairs
    public Document encode(List<Message> messages, ThinkingMode mode) {
        List<Message> clean = messages.stream().map(Mistakes::without).toList();
        String whole = ChatPrompt.of(clean, mode).text();
        var document = new DocumentBuilder();
        int done = 0;
        for (int i = 1; i < messages.size(); i++) {
            if (!isReply(messages, i)) {
                continue;
            }
            String prompt = ChatPrompt.of(clean.subList(0, i), mode).text();
            var answered = new ArrayList<>(clean.subList(0, i));
            answered.add(messages.get(i));
            String after = ChatPrompt.of(answered, mode).text();
            // A later reply's prompt need not begin with all of an earlier one's, and then only the later is right.
            if (prompt.length() < done || !after.startsWith(prompt)) {
                continue;
            }
            String reply = after.substring(prompt.length());
            if (whole.startsWith(prompt) && whole.startsWith(Mistakes.without(reply), prompt.length())) {
                document.add(tokenizer.encode(whole.substring(done, prompt.length())), false);
                // As it is generated: on its own, behind the prompt's last token.
                Mistakes.split(reply, (text, mistake) -> document.add(tokenizer.encode(text), !mistake));
                done = prompt.length() + Mistakes.without(reply).length();
            }
        }
        document.add(tokenizer.encode(whole.substring(done)), false);
        return document.build();
    }

    /// The document alone if it fits and has anything to learn, else none.
    static List<Document> fitting(Document document, int mostTokens) {
        if (document.length() > mostTokens) {
            return List.of();
        }
        for (boolean learnt : document.learnt()) {
            if (learnt) {
                return List.of(document);
            }
        }
        return List.of();
    }

    /// Whether the message is a complete reply to what comes before it.
    private static boolean isReply(List<Message> messages, int i) {
        return messages.get(i) instanceof Message.Assistant reply
                && !reply.open()
                && !(messages.get(i - 1) instanceof Message.Assistant);
    }
}
