package ai.hadal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.engine.Engine;
import ai.hadal.engine.EngineOptions;
import ai.hadal.model.Numerics;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogitsCommandTest {

    private static final int[] IDS =
            IntStream.range(0, 40).map(i -> i * 11 % 512).toArray();
    private static final String TEXT =
            Arrays.stream(IDS).mapToObj(String::valueOf).collect(Collectors.joining(","));

    @TempDir
    private Path folder;

    private float[][] engineLogits() {
        try (var engine =
                Engine.open(Hadal.FLASH, EngineOptions.defaults().withThreads(1).withNumerics(Numerics.F32_QAT_OFF))) {
            return engine.newSession().logits(IDS);
        }
    }

    private float[][] fileLogits(Path file) throws Exception {
        var bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        byte[] header = new byte[Math.toIntExact(bytes.getLong())];
        bytes.get(header);
        assertThat(new String(header, StandardCharsets.UTF_8))
                .contains("\"logits\":{\"dtype\":\"F32\",\"shape\":[40,512]", "\"profile\":\"f32-qat-off\"");
        float[][] rows = new float[40][512];
        for (float[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                row[i] = bytes.getFloat();
            }
        }
        assertThat(bytes.hasRemaining()).isFalse();
        return rows;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--split 1", "--split 17", "--split 40", "--backend reference", "--batch-size 7"})
    void theFileHoldsTheEnginesLogitsAtEveryPosition(String options) throws Exception {
        Path out = folder.resolve("logits.safetensors");
        String line = "logits " + Hadal.FLASH + " --ids " + TEXT + " --qat off --out " + out + " " + options;
        var run = Hadal.run((Object[]) line.strip().split(" "));
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).isEmpty();
        assertThat(fileLogits(out)).isDeepEqualTo(engineLogits());
    }

    @Test
    void idsComeFromAFileOrStandardInput() throws Exception {
        Path ids = Files.writeString(folder.resolve("ids.txt"), "[" + TEXT.replace(",", ", ") + "]\n");
        Path out = folder.resolve("logits.safetensors");
        assertThat(Hadal.run("logits", Hadal.FLASH, "--ids-file", ids, "--qat", "off", "--out", out)
                        .code())
                .isZero();
        assertThat(fileLogits(out)).isDeepEqualTo(engineLogits());
        var run = Hadal.runWith(
                TEXT.replace(',', '\n'), "logits", Hadal.FLASH, "--ids-file", "-", "--qat", "off", "--out", out);
        assertThat(run.code()).isZero();
        assertThat(fileLogits(out)).isDeepEqualTo(engineLogits());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--ids 1,512          | token id 512 (number 2 of 2) is not in the vocabulary; this model has ids 0 to 511",
                "--ids 1,-2           | token id -2 (number 2 of 2) is not in the vocabulary",
                "--ids ,              | --ids holds ``, which is no token id;",
                "--ids 1,x            | --ids holds `x`, which is no token id;",
                "--ids 1,,2           | --ids holds ``, which is no token id;",
                "--ids 99999999999    | --ids holds `99999999999`, which is no token id;",
                "--ids []             | --ids holds no token ids;",
                "''                   | no token ids are given;",
                "--ids 1 --ids-file x | token ids are given twice",
                "--ids-file missing   | missing does not exist",
                "--ids 1,2 --split 0  | --split is 0, but there are 2 tokens; choose 1 to 2",
                "--ids 1,2 --split 3  | --split is 3, but there are 2 tokens; choose 1 to 2",
                "--ids 1,2,3 -c 2     | there are 3 tokens, but the context holds 2;",
            })
    void wrongInputIsOneSentenceAndLeavesNoFile(String options, String sentence) throws Exception {
        Path out = folder.resolve("logits.safetensors");
        String line = "logits " + Hadal.FLASH + " --out " + out + " " + options;
        var run = Hadal.run((Object[]) line.strip().split(" "));
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err().lines()).singleElement().asString().startsWith("hadal: " + sentence);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void emptyIdsAreRefused() {
        var run = Hadal.run("logits", Hadal.FLASH, "--ids", "", "--out", folder.resolve("x"));
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err().lines()).singleElement().asString().startsWith("hadal: --ids holds no token ids; ");
    }

    @Test
    void theTargetIsCheckedBeforeTheModelIsRead() {
        Path out = folder.resolve("missing").resolve("logits.safetensors");
        var run = Hadal.run("logits", folder, "--ids", "1", "--out", out);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err().lines())
                .containsExactly("hadal: the folder " + out.getParent()
                        + " of --out does not exist; create it or choose another");
        assertThat(Hadal.run("logits", folder, "--ids", "1", "--out", folder).err())
                .isEqualTo("hadal: " + folder + " is a folder; give --out the name of a file in it"
                        + System.lineSeparator());
    }
}
