package ai.hadal.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/// Sizes of the published models, from their configurations alone.
class ModelSizeTest {

    private static void assertBillions(long actual, double expected, double halfStep) {
        assertThat(actual / 1e9).isCloseTo(expected, Offset.offset(halfStep));
    }

    @Test
    void flashHasTheParametersThatArePublished() {
        ModelSize.Parameters size = ModelSize.parameters(PublishedConfigs.flash());
        assertBillions(size.total(), 284.33, 0.005);
        assertBillions(size.active(), 13.80, 0.005);
        assertBillions(size.mtp(), 6.61, 0.005);
        Map<ModelPart, Long> parts = size.byPart();
        assertBillions(parts.get(ModelPart.ROUTED_EXPERTS), 277.03, 0.005);
        assertBillions(parts.get(ModelPart.ATTENTION), 4.60, 0.005);
        assertBillions(parts.get(ModelPart.SHARED_EXPERTS), 1.08, 0.005);
        assertBillions(parts.get(ModelPart.COMPRESSORS), 0.31, 0.005);
        assertBillions(parts.get(ModelPart.INDEXER), 0.18, 0.005);
        assertBillions(parts.get(ModelPart.ROUTER), 0.045, 0.0005);
        assertBillions(parts.get(ModelPart.HYPER_CONNECTIONS), 0.034, 0.0005);
        assertBillions(parts.get(ModelPart.EMBEDDING), 0.53, 0.005);
        assertBillions(parts.get(ModelPart.HEAD), 0.53, 0.005);
    }

    @Test
    void proHasTheParametersThatArePublished() {
        ModelSize.Parameters size = ModelSize.parameters(PublishedConfigs.pro());
        assertBillions(size.total(), 1573.0, 0.05);
        assertBillions(size.active(), 49.78, 0.005);
        assertBillions(size.mtp(), 25.84, 0.005);
        assertBillions(size.byPart().get(ModelPart.INDEXER), 0.39, 0.005);
    }

    @Test
    void thePartsAddUp() {
        ModelSize.Parameters size = ModelSize.parameters(PublishedConfigs.flash());
        long parts = size.byPart().values().stream().mapToLong(Long::longValue).sum();
        assertThat(parts).isEqualTo(size.total() + size.mtp());
    }

    @Test
    void cachesGrowByWhatTheCompressionLeaves() {
        ModelConfig flash = PublishedConfigs.flash();
        assertThat(ModelSize.kvBytesPerToken(flash, ModelSize.KvEntry.bf16(flash)))
                .isEqualTo(6880.0);
        assertThat(ModelSize.kvBytesPerToken(flash, ModelSize.KvEntry.kept(flash, false)))
                .isEqualTo(2 * 6880.0);
        assertThat(ModelSize.KvEntry.kept(flash, true)).isEqualTo(new ModelSize.KvEntry(711, 68));
        assertThat(Math.round(ModelSize.kvBytesPerToken(flash, ModelSize.KvEntry.kept(flash, true))))
                .isEqualTo(4201);
        ModelConfig pro = PublishedConfigs.pro();
        assertThat(ModelSize.kvBytesPerToken(pro, ModelSize.KvEntry.bf16(pro))).isEqualTo(9848.0);
        assertThat(Math.round(ModelSize.kvBytesPerToken(pro, ModelSize.KvEntry.kept(pro, true))))
                .isEqualTo(6015);
    }

    /// 69,187 stored tensors, of which these are the scales.
    @Test
    void flashHasAsManyTensorsAsPublished() {
        long plain = TensorPlan.of(PublishedConfigs.flash()).size();
        long experts = 44L * 256 * 3;
        long fp8PerBlock = 5 + 3;
        long scales = experts + 44 * fp8PerBlock + 21 + 2;
        assertThat(plain + scales).isEqualTo(69_187);
    }
}
