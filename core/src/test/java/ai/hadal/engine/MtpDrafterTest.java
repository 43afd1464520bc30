package ai.hadal.engine;

import static ai.hadal.engine.TinyEngine.joined;
import static ai.hadal.engine.TinyEngine.text;
import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.model.Chunk;
import ai.hadal.model.Chunk.Logits;
import ai.hadal.model.Step;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The MTP block drafts what it would if it had read the whole text at once, however the session came to it.
class MtpDrafterTest {

    private static Engine engine;

    private final MtpDrafter drafter = new MtpDrafter(engine);
    private final Session session = new Session(
            engine, engine.model().newSequence(), new int[0], new Lookahead(List.of(drafter), Drafters.always(4), 4));

    @BeforeAll
    static void open() {
        engine = TinyEngine.open();
    }

    @AfterAll
    static void close() {
        engine.close();
    }

    /// What the block drafts after a text and one more token, by definition.
    private static int[] defined(int[] text, int next, int length) {
        var model = engine.model();
        var step = model.step(List.of(new Chunk(model.newSequence(), text, Logits.NONE)));
        var state = model.newMtpState(0);
        int[] following = joined(Arrays.copyOfRange(text, 1, text.length), next);
        int[] drafts = new int[length];
        Step draft = model.draft(state, step.streams(), following, Logits.LAST);
        for (int i = 0; i < length; i++) {
            float[] logits = new float[TinyEngine.VOCABULARY];
            draft.logits(0, logits);
            for (int id = 1; id < logits.length; id++) {
                drafts[i] = logits[id] > logits[drafts[i]] ? id : drafts[i];
            }
            float[][] streams = draft.streams();
            draft = model.draft(state, new float[][] {streams[streams.length - 1]}, new int[] {drafts[i]}, Logits.LAST);
        }
        return drafts;
    }

    private void draftsAsDefined(int next, int length) {
        int[] text = session.ids();
        var tokens = new Tokens(joined(text, next));
        assertThat(drafter.offer(tokens)).isEqualTo(new Drafter.Offer(DraftKind.MTP, Integer.MAX_VALUE));
        assertThat(drafter.draft(tokens, length)).containsExactly(defined(text, next, length));
    }

    @Test
    void afterAPrompt() {
        for (int length : new int[] {1, 2, 15, 16, 17, 100}) {
            session.rollback(0);
            session.logits(text(length, length));
            draftsAsDefined(7, 4);
            draftsAsDefined(8, 1);
        }
    }

    /// Lets the text grow token by token, with drafts now and then.
    private void grow(int tokens) {
        for (int i = 0; i < tokens; i++) {
            int next = 3 + 5 * i;
            if (i % 7 < 3) {
                draftsAsDefined(next, 1 + i % 5);
            }
            session.logits(new int[] {next});
        }
    }

    @Test
    void tokenByTokenWithDraftsOrWithout() {
        session.logits(text(50, 1));
        grow(60);
    }

    @Test
    void afterDraftsThatWereWrong() {
        session.logits(text(40, 2));
        for (int i = 0; i < 40; i++) {
            int next = 2 + 13 * i % 500;
            session.next(next, 4);
            session.settled();
            draftsAsDefined(2 + 13 * (i + 1) % 500, 3);
        }
        assertThat(session.lookahead().drafted()).isGreaterThan(100);
    }

    @Test
    void afterRollbacks() {
        session.logits(text(90, 3));
        grow(30);
        session.rollback(115);
        draftsAsDefined(8, 4);
        session.rollback(105);
        session.logits(text(3, 4));
        draftsAsDefined(9, 2);
        session.rollback(0);
        session.logits(text(20, 6));
        draftsAsDefined(9, 2);
    }

    @Test
    void anotherTokenThanTheOneDraftedFor() {
        session.logits(text(90, 3));
        draftsAsDefined(8, 4);
        draftsAsDefined(9, 4);
        session.lookahead().truncated(90);
        session.logits(new int[] {10});
        draftsAsDefined(11, 4);
    }

    /// A fork and a restored session know the text, but no streams of it: a window later they draft as any other.
    @Test
    void whereTheTextIsKnownButNotItsStreams() {
        session.logits(text(60, 7));
        int[] before = session.ids();
        var late = new MtpDrafter(engine);
        assertThat(late.offer(new Tokens(joined(before, 5)))).isNull();
        Session other = new Session(
                engine, session.fork().settled(), before, new Lookahead(List.of(late), Drafters.always(4), 4));
        other.logits(text(2, 8));
        var tokens = new Tokens(joined(other.ids(), 5));
        assertThat(late.draft(tokens, 4)).hasSize(4);
        other.logits(text(TinyEngine.WINDOW, 9));
        tokens = new Tokens(joined(other.ids(), 5));
        assertThat(late.draft(tokens, 4)).containsExactly(defined(other.ids(), 5, 4));
    }
}
