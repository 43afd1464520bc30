package ai.hadal.cli;

import ai.hadal.ReplyListener;
import ai.hadal.ReplyOptions;
import ai.hadal.chat.Message;
import ai.hadal.chat.ThinkingMode;
import ai.hadal.cli.remote.RemoteConversation;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/// A conversation with a model on a server.
final class RemoteDialogue implements Dialogue {

    private final RemoteConversation conversation;
    private final Function<ReplyOptions, ObjectNode> fields;

    /// @param fields the options as fields of a request
    RemoteDialogue(RemoteConversation conversation, Function<ReplyOptions, ObjectNode> fields) {
        this.conversation = conversation;
        this.fields = fields;
    }

    String model() {
        return conversation.model();
    }

    @Override
    public Said reply(String text, ReplyOptions options, ReplyListener listener) {
        return new Said(conversation.reply(text, fields.apply(options), listener), DiskReads.NONE);
    }

    @Override
    public String mode() {
        var mode = conversation.mode();
        return mode == null ? "as the server has it" : Modes.name(mode);
    }

    @Override
    public void setMode(ThinkingMode mode) {
        conversation.setMode(mode);
    }

    @Override
    public String systemPrompt() {
        return conversation.transcript().systemPrompt();
    }

    @Override
    public void setSystemPrompt(String prompt) {
        conversation.transcript().setSystemPrompt(prompt);
    }

    @Override
    public long messages() {
        return conversation.transcript().messages().stream()
                .filter(message -> !(message instanceof Message.System))
                .count();
    }

    @Override
    public Optional<String> undo() {
        return conversation.transcript().undo();
    }

    @Override
    public void clear() {
        conversation.transcript().clear();
    }

    @Override
    public void save(Path file) {
        conversation.transcript().save(file);
    }

    @Override
    public void load(Path file) {
        conversation.load(file);
    }

    @Override
    public long contextLength() {
        return 0;
    }
}
