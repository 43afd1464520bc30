package ai.hadal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.backend.topology.CpuBinding;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Where threads stay changes no bit.
class CpuBindingTest {

    @ParameterizedTest
    @EnumSource
    void logitsAreTheSame(CpuBinding binding) {
        int[] text = TinyEngine.text(60, 5);
        try (var plain = TinyEngine.open(EngineOptions.defaults().withBackend("reference"));
                var bound = TinyEngine.open(EngineOptions.defaults().withCpuBinding(binding))) {
            assertThat(bound.newSession().logits(text))
                    .isDeepEqualTo(plain.newSession().logits(text));
        }
    }
}
