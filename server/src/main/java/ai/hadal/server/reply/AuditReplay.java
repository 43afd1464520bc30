package ai.hadal.server.reply;

import ai.hadal.chat.Markers;
import ai.hadal.engine.Engine;
import ai.hadal.engine.GenerationListener;
import ai.hadal.engine.GenerationRequest;
import ai.hadal.error.HadalException;
import java.util.Arrays;
import java.util.List;

/// Gives answers of an audit log again, and tells whether they are the same.
public final class AuditReplay {

    private final Engine engine;
    private final Constraints constraints;

    public AuditReplay(Engine engine) {
        this.engine = engine;
        this.constraints = new Constraints(engine.tokenizer());
    }

    /// The answer, computed from the record's prompt alone.
    ///
    /// @return the token ids; as many as the record has where that was cut off by its client
    /// @throws HadalException if the record is of another checkpoint or profile
    public int[] replay(AuditRecord record) {
        if (!record.fingerprint().equals(engine.model().fingerprint())) {
            throw new HadalException("request " + record.requestId()
                    + " was answered by another checkpoint or profile; open that one (--model, --profile)");
        }
        var rules = RulesJson.read(record.rules());
        boolean cancelled = record.finish().equals(Finish.Reason.CANCELLED.name());
        var request = new GenerationRequest(
                record.prompt(),
                record.sampling(),
                cancelled ? record.output().length : record.maxTokens(),
                List.of(),
                record.stop(),
                false,
                -1,
                rules.reasons() ? engine.tokenizer().id(Markers.THINK_END).orElse(-1) : -1,
                constraints.of(rules));
        return engine.newSession().generate(request, GenerationListener.NONE).ids();
    }

    /// Whether the answer is the same, token for token.
    public boolean isSame(AuditRecord record) {
        return Arrays.equals(replay(record), record.output());
    }
}
