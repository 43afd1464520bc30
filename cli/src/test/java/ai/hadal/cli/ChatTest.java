package ai.hadal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.Conversation;
import ai.hadal.ReplyOptions;
import ai.hadal.engine.Engine;
import ai.hadal.engine.EngineOptions;
import ai.hadal.engine.SamplingOptions;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a person types and what Hadal says.
class ChatTest {

    private static Engine engine;

    private final Conversation conversation = new Conversation(engine);
    private final StringWriter shown = new StringWriter();
    private boolean interrupts;

    @BeforeAll
    static void openModel() {
        engine = Engine.open(
                TinyRandom.folder(), EngineOptions.defaults().withThreads(1).withContextLength(300));
    }

    @AfterAll
    static void closeModel() {
        if (engine != null) {
            engine.close();
        }
    }

    /// Plays the inputs and returns what was shown.
    private String chat(Prompter.Input... inputs) {
        var options = new ReplyOptions(new SamplingOptions(1, 0, 1, 0, 1, 0, 0, Map.of(), 1), 5, List.of());
        new Chat(new LocalDialogue(engine, conversation), new Script(inputs), () -> options, true, true).run();
        return shown.toString();
    }

    private static Prompter.Input type(String text) {
        return new Prompter.Input.Text(text);
    }

    private class Script implements Prompter {

        private final Deque<Input> inputs;

        Script(Input... inputs) {
            this.inputs = new ArrayDeque<>(List.of(inputs));
        }

        @Override
        public Input read() {
            return inputs.isEmpty() ? new Input.End() : inputs.removeFirst();
        }

        @Override
        public AnswerPrinter.Screen screen() {
            var writer = new PrintWriter(shown, true);
            return new AnswerPrinter.Screen(writer, writer, true, true, false);
        }

        @Override
        public <T> T interruptible(Function<BooleanSupplier, T> work) {
            return work.apply(() -> interrupts);
        }

        @Override
        public void close() {}
    }

    @Test
    void aMessageIsAnsweredWithALineOfStatistics() {
        assertThat(chat(type("Hello \\\nthere"))).contains("5 tokens").endsWith("; cut off by the limit\n");
        assertThat(conversation.messages()).hasSize(2);
        assertThat(conversation.undo()).contains("Hello \nthere");
    }

    @Test
    void theStatisticsCanBeSwitchedOff() {
        assertThat(chat(type("/stats off"), type("Hello"))).doesNotContain("cut off");
    }

    @Test
    void emptyLinesAreNoMessages() {
        assertThat(chat(type(""), type("  "), type("\"\"\"\"\"\""))).isEmpty();
        assertThat(conversation.messages()).isEmpty();
    }

    @Test
    void aDoubledSlashIsAMessage() {
        chat(type("//usr is a folder"));
        assertThat(conversation.undo()).contains("/usr is a folder");
    }

    @Test
    void mistypedCommandsAndModesAreExplainedAndTheChatGoesOn() {
        assertThat(chat(type("/mdoe"), type("/mode deep"), type("/stats maybe"), type("/save"), type("/mode high")))
                .contains(
                        "hadal: there is no command /mdoe (did you mean /mode?)",
                        "hadal: there is no mode 'deep'",
                        "hadal: /stats takes on or off",
                        "hadal: /save needs the name of a file",
                        "mode high\n");
    }

    @Test
    void theSystemPromptIsSetShownAndTakenOut() {
        chat(type("/system Be brief."), type("/system"));
        assertThat(conversation.systemPrompt()).isEqualTo("Be brief.");
        assertThat(chat(type("/system -"))).endsWith("no standing instructions\n");
        assertThat(conversation.systemPrompt()).isEmpty();
    }

    @Test
    void undoAndRetry() {
        chat(type("One"), type("Two"), type("/undo"));
        assertThat(conversation.messages()).hasSize(2);
        var first = conversation.messages().getLast();
        chat(type("/retry"));
        assertThat(conversation.messages()).hasSize(2);
        assertThat(conversation.messages().getLast()).isNotEqualTo(first);
        assertThat(chat(type("/clear"), type("/undo"), type("/retry")))
                .endsWith("cleared\nnothing to undo\nnothing to answer anew\n");
    }

    @Test
    void aMessageWhoseAnswerWasStoppedAtOnceCanBeRetried() {
        interrupts = true;
        assertThat(chat(type("Hello"))).endsWith("; stopped\n");
        assertThat(conversation.messages()).isEmpty();
        var chat = new Chat(
                new LocalDialogue(engine, conversation),
                new Script(type("Hello"), type("/retry")) {
                    @Override
                    public <T> T interruptible(Function<BooleanSupplier, T> work) {
                        boolean stop = interrupts;
                        interrupts = false;
                        return work.apply(() -> stop);
                    }
                },
                () -> ReplyOptions.defaults().withMaxTokens(3),
                true,
                true);
        chat.run();
        assertThat(conversation.undo()).contains("Hello");
    }

    @Test
    void saveAndLoad(@TempDir Path folder) {
        Path file = folder.resolve("talk.json");
        assertThat(chat(type("Hello"), type("/save " + file), type("/clear"), type("/load " + file)))
                .contains("saved 2 messages\n")
                .endsWith("loaded 2 messages, mode non-think\n");
        assertThat(chat(type("/load " + folder.resolve("none")))).contains("hadal: there is no file");
    }

    @Test
    void aMessageThatDoesNotFitIsRefusedAndForgotten() {
        assertThat(chat(type("sea ".repeat(900)))).contains("hadal: the prompt has", "the context holds 300");
        assertThat(conversation.messages()).isEmpty();
    }

    @Test
    void ctrlCTwiceLeavesAndOnceDoesNot() {
        var ctrlC = new Prompter.Input.Interrupt("");
        assertThat(chat(ctrlC, type("/mode"), ctrlC, new Prompter.Input.Interrupt("half"), ctrlC, ctrlC, type("/mode")))
                .containsOnlyOnce("mode non-think");
    }

    @Test
    void exitLeaves() {
        assertThat(chat(type("/exit"), type("/help"))).isEmpty();
    }

    @Test
    void helpNamesEveryCommand() {
        String help = chat(type("/help"));
        for (var action : ChatAction.values()) {
            assertThat(help).contains(action.usage(), action.help());
        }
    }
}
