package ai.hadal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.hadal.chat.Message;
import ai.hadal.chat.ReplyEvent;
import ai.hadal.chat.ThinkingMode;
import ai.hadal.engine.Engine;
import ai.hadal.engine.EngineOptions;
import ai.hadal.engine.FinishReason;
import ai.hadal.engine.SamplingOptions;
import ai.hadal.error.HadalException;
import ai.hadal.testing.TalkingModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConversationTest {

    private static final ReplyOptions BRIEF = new ReplyOptions(SamplingOptions.greedy(), 6, List.of());

    private static Engine engine;

    private final Conversation conversation = new Conversation(engine);

    @BeforeAll
    static void openModel(@TempDir Path folder) {
        engine = Engine.open(
                TalkingModel.write(folder),
                EngineOptions.defaults().withThreads(1).withContextLength(200).withPrefillChunk(16));
    }

    @AfterAll
    static void closeModel() {
        engine.close();
    }

    /// Cancels when the reply has as many pieces of text.
    private static ReplyListener cancelAfter(int pieces) {
        return new ReplyListener() {
            private int seen;

            @Override
            public void event(ReplyEvent event) {
                seen++;
            }

            @Override
            public boolean cancelled() {
                return seen >= pieces;
            }
        };
    }

    /// Sampling that takes this token first and then anything else.
    private static SamplingOptions first(String token) {
        int id = engine.tokenizer().id(token).orElseThrow();
        return new SamplingOptions(0, 0, 1, 0, 1, 100, 0, Map.of(id, 90f), 0);
    }

    @Test
    void whatIsStreamedIsTheAnswer() {
        var text = new StringBuilder();
        var answer = conversation.reply("How deep is the sea?", BRIEF, ReplyListener.text(text::append));
        assertThat(answer.text()).isNotEmpty().isEqualTo(text.toString());
        assertThat(answer.usage().output()).isEqualTo(6);
        assertThat(answer.reason()).isEqualTo(FinishReason.LENGTH);
        assertThat(conversation.messages())
                .containsExactly(new Message.User("How deep is the sea?"), new Message.Assistant(answer.text()));
    }

    @Test
    void whatIsSaidIsTextUnlessItsSpecialTokensAreToCount() {
        var listener = ReplyListener.text(piece -> {});
        var text = new Conversation(engine).reply("a<｜User｜>b", BRIEF, listener).usage();
        var special = new Conversation(engine)
                .reply("a<｜User｜>b", BRIEF.withParseSpecial(true), listener)
                .usage();
        var plain = new Conversation(engine).reply("ab", BRIEF, listener).usage();
        assertThat(special.prompt()).isLessThan(text.prompt()).isLessThanOrEqualTo(plain.prompt() + 2);
    }

    @Test
    void theNextTurnComputesOnlyWhatIsNewAndSaysTheSame() {
        conversation.setSystemPrompt("Be brief.");
        conversation.reply("How deep is the sea?", BRIEF, ReplyListener.NONE);
        var warm = conversation.reply("And how wide?", BRIEF, ReplyListener.NONE);
        assertThat(warm.usage().cached()).isPositive();

        var fresh = new Conversation(engine);
        conversation.messages().subList(0, 3).forEach(fresh::add);
        var cold = fresh.reply("And how wide?", BRIEF, ReplyListener.NONE);
        assertThat(cold.usage().cached()).isZero();
        assertThat(warm.text()).isEqualTo(cold.text());
    }

    @Test
    void reasoningIsCountedUpToItsEnd() {
        conversation.setMode(ThinkingMode.HIGH);
        var answer = conversation.reply("Think!", BRIEF.withSampling(first("</think>")), ReplyListener.NONE);
        assertThat(answer.usage().reasoning()).isEqualTo(1);
        assertThat(answer.reasoning()).isEmpty();
        assertThat(answer.text()).isNotEmpty();
        assertThat(answer.malformed()).isEmpty();

        var endless = conversation.reply("Think on!", BRIEF, ReplyListener.NONE);
        assertThat(endless.usage().reasoning()).isEqualTo(6);
        assertThat(endless.text()).isEmpty();
        assertThat(endless.reasoning()).isNotEmpty();
    }

    @Test
    void theEndOfTheTurnIsNoPartOfTheText() {
        var answer = conversation.reply("Hush!", BRIEF.withSampling(first("<｜end▁of▁sentence｜>")), ReplyListener.NONE);
        assertThat(answer.reason()).isEqualTo(FinishReason.END_OF_TURN);
        assertThat(answer.text()).isEmpty();
        assertThat(conversation.history().getLast().cutOff()).isFalse();
    }

    @Test
    void whatComesAgainstTheProtocolIsReportedAndNotRemembered() {
        var answer = conversation.reply("Think!", BRIEF.withSampling(first("</think>")), ReplyListener.NONE);
        assertThat(answer.malformed())
                .singleElement()
                .satisfies(fault -> assertThat(fault.raw()).startsWith("</think>"));
        assertThat(conversation.messages().getLast()).isEqualTo(new Message.Assistant(""));
    }

    @Test
    void aReplyStoppedHalfWayStaysAndIsMarked() {
        var answer = conversation.reply("How deep is the sea?", BRIEF, cancelAfter(2));
        assertThat(answer.reason()).isEqualTo(FinishReason.CANCELLED);
        assertThat(conversation.history())
                .last()
                .isEqualTo(new Conversation.Entry(new Message.Assistant(answer.text()), true));
        assertThat(conversation.reply("Go on.", BRIEF, ReplyListener.NONE).text())
                .isNotEmpty();
    }

    @Test
    void aReplyStoppedBeforeItsFirstTokenLeavesNoTrace() {
        conversation.reply("How deep is the sea?", BRIEF, ReplyListener.NONE);
        var before = conversation.history();
        var answer = conversation.reply("And how wide?", BRIEF, cancelAfter(0));
        assertThat(answer.usage().output()).isZero();
        assertThat(conversation.history()).isEqualTo(before);
    }

    @Test
    void aReplyThatFailsLeavesNoTrace() {
        conversation.reply("How deep is the sea?", BRIEF, ReplyListener.NONE);
        var before = conversation.history();
        assertThatExceptionOfType(HadalException.class)
                .isThrownBy(() -> conversation.reply("sea ".repeat(300), BRIEF, ReplyListener.NONE))
                .withMessageContaining("the context holds 200");
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> conversation.reply("And how wide?", BRIEF, ReplyListener.events(_ -> {
                    throw new IllegalStateException();
                })));
        assertThat(conversation.history()).isEqualTo(before);
        assertThat(conversation
                        .reply("And how wide?", BRIEF, ReplyListener.NONE)
                        .text())
                .isNotEmpty();
    }

    @Test
    void thereMustBeSomethingToAnswer() {
        assertThatExceptionOfType(HadalException.class)
                .isThrownBy(() -> conversation.reply(BRIEF, ReplyListener.NONE))
                .withMessage("the conversation has no message to answer; add one first");
        conversation.add(new Message.User("How deep is the sea?"));
        assertThat(conversation.reply(BRIEF, ReplyListener.NONE).text()).isNotEmpty();
    }

    @Test
    void undoTakesBackAnExchange() {
        conversation.setSystemPrompt("Be brief.");
        conversation.reply("How deep is the sea?", BRIEF, ReplyListener.NONE);
        var before = conversation.history();
        conversation.reply("And how wide?", BRIEF, ReplyListener.NONE);
        assertThat(conversation.undo()).contains("And how wide?");
        assertThat(conversation.history()).isEqualTo(before);
        assertThat(conversation.undo()).contains("How deep is the sea?");
        assertThat(conversation.undo()).isEmpty();
        assertThat(conversation.messages()).containsExactly(new Message.System("Be brief."));
    }

    @Test
    void clearKeepsTheSystemPromptAndItCanBeTakenOut() {
        conversation.setSystemPrompt("Be brief.");
        conversation.setSystemPrompt("Be long.");
        conversation.add(new Message.User("Hello"));
        conversation.clear();
        assertThat(conversation.messages()).containsExactly(new Message.System("Be long."));
        conversation.setSystemPrompt("");
        assertThat(conversation.messages()).isEmpty();
        assertThat(conversation.systemPrompt()).isEmpty();
    }

    @Test
    void aLoadedConversationGoesOnAsTheSavedOneWould(@TempDir Path folder) {
        conversation.setMode(ThinkingMode.HIGH);
        conversation.setSystemPrompt("Be brief.");
        conversation.reply("How deep is the sea?", BRIEF, ReplyListener.NONE);
        conversation.save(folder.resolve("talk.json"));
        var loaded = Conversation.load(engine, folder.resolve("talk.json"));
        assertThat(loaded.history()).isEqualTo(conversation.history());
        assertThat(loaded.mode()).isEqualTo(ThinkingMode.HIGH);
        assertThat(loaded.reply("And how wide?", BRIEF, ReplyListener.NONE).reply())
                .isEqualTo(conversation
                        .reply("And how wide?", BRIEF, ReplyListener.NONE)
                        .reply());
    }

    @Test
    void aCompletionContinuesTheTextFromTheBeginOfASentence() {
        var events = new ArrayList<ReplyEvent>();
        var answer = Completion.of(engine.newSession(), "The sea", BRIEF, ReplyListener.events(events::add));
        var spelled = Completion.of(engine.newSession(), "<｜begin▁of▁sentence｜>The sea", BRIEF, ReplyListener.NONE);
        assertThat(answer.text()).isNotEmpty().isEqualTo(spelled.text());
        assertThat(answer.usage()).isEqualTo(spelled.usage());
        assertThat(events).last().isEqualTo(new ReplyEvent.End(false));
    }

    @Test
    void aBiasOfNoTokenIsFoundBeforeThePromptIsRead() {
        var bias = new SamplingOptions(1, 0, 1, 0, 1, 0, 0, Map.of(2048, 1f), 0);
        assertThatExceptionOfType(HadalException.class)
                .isThrownBy(() -> conversation.reply("Hi", BRIEF.withSampling(bias), new ReplyListener() {
                    @Override
                    public void prefill(long done, long total) {
                        throw new AssertionError("read " + done);
                    }
                }))
                .withMessage(
                        "the logit bias names token 2048, but the vocabulary has 2048 tokens; choose an id below that");
    }

    @Test
    void anAnswerAsJsonHasTheFieldsOfTheChatApi() {
        var json = conversation
                .reply("How deep is the sea?", BRIEF, ReplyListener.NONE)
                .toJson();
        assertThat(json.propertyNames())
                .containsExactly("text", "reasoning", "tool_calls", "malformed", "finish_reason", "usage", "timings");
        assertThat(json.path("finish_reason").stringValue()).isEqualTo("length");
        assertThat(json.path("usage").path("completion_tokens").intValue()).isEqualTo(6);
    }
}
