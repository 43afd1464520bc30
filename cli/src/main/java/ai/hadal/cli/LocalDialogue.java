package ai.hadal.cli;

import ai.hadal.Conversation;
import ai.hadal.ReplyListener;
import ai.hadal.ReplyOptions;
import ai.hadal.chat.Message;
import ai.hadal.chat.ThinkingMode;
import ai.hadal.engine.Engine;
import java.nio.file.Path;
import java.util.Optional;

/// A conversation with a model of this process.
final class LocalDialogue implements Dialogue {

    private final Engine engine;
    private Conversation conversation;

    LocalDialogue(Engine engine, Conversation conversation) {
        this.engine = engine;
        this.conversation = conversation;
    }

    @Override
    public Said reply(String text, ReplyOptions options, ReplyListener listener) {
        var before = DiskReads.now();
        var answer = conversation.reply(text, options, listener);
        return new Said(answer, DiskReads.now().since(before));
    }

    @Override
    public String mode() {
        return Modes.name(conversation.mode());
    }

    @Override
    public void setMode(ThinkingMode mode) {
        conversation.setMode(mode);
    }

    @Override
    public String systemPrompt() {
        return conversation.systemPrompt();
    }

    @Override
    public void setSystemPrompt(String prompt) {
        conversation.setSystemPrompt(prompt);
    }

    @Override
    public long messages() {
        return conversation.messages().stream()
                .filter(message -> !(message instanceof Message.System))
                .count();
    }

    @Override
    public Optional<String> undo() {
        return conversation.undo();
    }

    @Override
    public void clear() {
        conversation.clear();
    }

    @Override
    public void save(Path file) {
        conversation.save(file);
    }

    @Override
    public void load(Path file) {
        conversation = Conversation.load(engine, file);
    }

    @Override
    public long contextLength() {
        return engine.contextLength();
    }
}
