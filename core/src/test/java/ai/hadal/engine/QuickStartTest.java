package ai.hadal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.backend.SwitchingBackend;
import ai.hadal.model.Chunk.Logits;
import org.junit.jupiter.api.Test;

/// Scalar code answers first and kernels later, with the same bits.
class QuickStartTest {

    private final EngineOptions quick = EngineOptions.defaults().withQuickStart(true);

    @Test
    void logitsAreTheSameBeforeAndAfterTheSwitch() {
        int[] text = TinyEngine.text(40, 1);
        try (var plain = TinyEngine.open();
                var engine = TinyEngine.open(quick)) {
            var backend = (SwitchingBackend) engine.model().backend();
            assertThat(engine.description()).isEqualTo(plain.description());
            var session = engine.newSession();
            var expected = plain.newSession();
            assertThat(session.logits(text)).isDeepEqualTo(expected.logits(text));
            backend.switchOver();
            for (int id : TinyEngine.text(20, 2)) {
                assertThat(session.step(new int[] {id}, Logits.LAST))
                        .isDeepEqualTo(expected.step(new int[] {id}, Logits.LAST));
            }
        }
    }

    @Test
    void anEngineClosesWhileItsKernelsAreStillBeingCompiled() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            try (var engine = TinyEngine.open(quick)) {
                var session = engine.newSession();
                for (int id : TinyEngine.text(110, i)) {
                    session.step(new int[] {id}, Logits.LAST);
                }
            }
        }
        for (var thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals("hadal-warm-up")) {
                thread.join(60_000);
                assertThat(thread.isAlive()).isFalse();
            }
        }
    }

    @Test
    void onlyTheCpuBackendNeedsIt() {
        try (var engine = TinyEngine.open(quick.withBackend("reference"))) {
            assertThat(engine.model().backend()).isNotInstanceOf(SwitchingBackend.class);
        }
    }
}
