package ai.hadal.train.nano;

import ai.hadal.model.Chunk;
import ai.hadal.model.Chunk.Logits;
import ai.hadal.model.Model;
import ai.hadal.model.SequenceState;
import java.util.ArrayList;
import java.util.List;

/// A model that sits an exam: one step a reading. Its logits do not depend on what else a step holds, so neither do
/// its answers.
final class ModelExaminee implements Examinee {

    private final Model model;
    private final float[] logits;

    ModelExaminee(Model model) {
        this.model = model;
        logits = new float[model.config().vocabSize()];
    }

    private record Sequence(SequenceState state) implements Text {
        @Override
        public int keep(int length) {
            state.rollback(length >= state.rollbackFloor() ? length : 0);
            return Math.toIntExact(state.length());
        }
    }

    @Override
    public Text open() {
        return new Sequence(model.newSequence());
    }

    @Override
    public int[] read(List<Piece> pieces) {
        var chunks = new ArrayList<Chunk>(pieces.size());
        for (var piece : pieces) {
            var state = ((Sequence) piece.text()).state();
            chunks.add(new Chunk(state, piece.ids(), piece.asked() ? Logits.LAST : Logits.NONE));
        }
        var step = model.step(chunks);
        int[] next = new int[pieces.size()];
        int row = 0;
        for (int i = 0; i < next.length; i++) {
            if (pieces.get(i).asked()) {
                step.logits(row++, logits);
                next[i] = likeliest(logits);
            } else {
                next[i] = -1;
            }
        }
        return next;
    }

    private static int likeliest(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            if (logits[i] > logits[best]) {
                best = i;
            }
        }
        return best;
    }
}
