package ai.hadal.train.nano;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// Answers prompts by a script, a token each time it is asked, and checks that what it is given to read back is what
/// it said.
final class ScriptedExaminee implements Examinee {

    private final Tokenizer tokenizer;
    private final UnaryOperator<String> script;
    private final boolean forgets;

    /// Every prompt that was answered, in order.
    final List<String> prompts = new ArrayList<>();

    /// Tokens of every step, and texts read in it.
    final List<Integer> stepTokens = new ArrayList<>();

    final List<Integer> stepTexts = new ArrayList<>();

    /// @param script gives for a prompt the whole reply, end marker included
    /// @param forgets whether nothing but the whole of a text can be kept
    ScriptedExaminee(Tokenizer tokenizer, UnaryOperator<String> script, boolean forgets) {
        this.tokenizer = tokenizer;
        this.script = script;
        this.forgets = forgets;
    }

    private final class ScriptedText implements Text {
        private int[] ids = {};
        private int prompt;
        private int[] reply = {};

        @Override
        public int keep(int length) {
            assertThat(length).isBetween(0, ids.length);
            ids = Arrays.copyOf(ids, forgets && length < ids.length ? 0 : length);
            reply = new int[0];
            return ids.length;
        }

        private int next() {
            int said = ids.length - prompt;
            if (reply.length == 0) {
                prompt = ids.length;
                said = 0;
                String text = tokenizer.decode(ids);
                prompts.add(text);
                reply = tokenizer.encode(script.apply(text));
            }
            assertThat(Arrays.copyOfRange(ids, prompt, ids.length)).isEqualTo(Arrays.copyOf(reply, said));
            return reply[said];
        }
    }

    @Override
    public Text open() {
        return new ScriptedText();
    }

    @Override
    public int[] read(List<Piece> pieces) {
        Map<Text, Boolean> seen = new IdentityHashMap<>();
        int tokens = 0;
        int[] next = new int[pieces.size()];
        for (int i = 0; i < next.length; i++) {
            var piece = pieces.get(i);
            assertThat(piece.ids()).isNotEmpty();
            assertThat(seen.put(piece.text(), true))
                    .as("a text is read once a step")
                    .isNull();
            var text = (ScriptedText) piece.text();
            int old = text.ids.length;
            text.ids = Arrays.copyOf(text.ids, old + piece.ids().length);
            System.arraycopy(piece.ids(), 0, text.ids, old, piece.ids().length);
            next[i] = piece.asked() ? text.next() : -1;
            tokens += piece.ids().length;
        }
        stepTokens.add(tokens);
        stepTexts.add(next.length);
        return next;
    }
}
