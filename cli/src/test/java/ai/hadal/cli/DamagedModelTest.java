package ai.hadal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever is wrong with a checkpoint, every command says it at once: one sentence that names the place, exit code
/// 2, no output file, and no memory taken because a damaged number asks for it.
class DamagedModelTest {

    /// What a command may allocate before it finds the damage: a little for parsing, nothing by declared sizes.
    private static final long MEMORY = 48 << 20;

    @TempDir
    private Path folder;

    private interface Damage {
        /// Breaks the copy and says what to give to the command.
        Path on(BrokenModel model) throws IOException;
    }

    private interface Change {
        void on(BrokenModel model) throws IOException;
    }

    /// @param base the sound checkpoint to copy
    /// @param said what the sentence must contain
    private record Case(String name, Path base, Damage damage, List<String> said) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Case flash(String name, Change change, String... said) {
        return folder(Hadal.FLASH, name, change, said);
    }

    private static Case fp4(String name, Change change, String... said) {
        return folder(Hadal.FP4, name, change, said);
    }

    private static Case folder(Path base, String name, Change change, String... said) {
        Damage damage = model -> {
            change.on(model);
            return model.folder();
        };
        return new Case(name, base, damage, List.of(said));
    }

    /// A file of its own in the place of a checkpoint.
    private static Case file(String name, Damage damage, String... said) {
        return new Case(name, Hadal.FLASH, damage, List.of(said));
    }

    private static Case config(String field, Object value, String... said) {
        var all = new ArrayList<>(List.of("config.json", field));
        all.addAll(List.of(said));
        return flash("config " + field + " = " + value, m -> m.configure(field, value), all.toArray(String[]::new));
    }

    static Stream<Case> truncated() {
        return Stream.of(0L, 1L, 7L, 8L, 9L, 4096L, 39_607L, 39_608L, 39_609L, 100_000L, 1_158_352L, 2_316_703L)
                .map(length ->
                        flash("cut to " + length, m -> m.cutTo(m.single(), length), "model.safetensors", "download"));
    }

    static Stream<Case> headers() {
        String first = "\"embed.weight\":{\"dtype\":\"BF16\",\"shape\":[512,64],\"data_offsets\":[0,65536]}";
        return Stream.of(
                flash("header of 0 bytes", m -> m.declareHeader(m.single(), 0), "model.safetensors", "header of 0"),
                flash(
                        "header of 99,999,999 bytes",
                        m -> m.declareHeader(m.single(), 99_999_999),
                        "model.safetensors",
                        "99999999"),
                flash("header of 4 GB", m -> m.declareHeader(m.single(), 1L << 32), "model.safetensors", "4294967296"),
                flash("header of 2^63 bytes", m -> m.declareHeader(m.single(), Long.MIN_VALUE), "9223372036854775808"),
                file(
                        "header of 4 GB that the file could hold",
                        m -> {
                            Files.delete(m.single());
                            BrokenModel.sparse(m.single(), 6L << 30, BrokenModel.little(1L << 32));
                            return m.folder();
                        },
                        "model.safetensors",
                        "4294967296"),
                file(
                        "header of 90 MB of zeros",
                        m -> {
                            Files.delete(m.single());
                            BrokenModel.sparse(m.single(), 100 << 20, BrokenModel.little(90 << 20));
                            return m.folder();
                        },
                        "model.safetensors",
                        "not valid JSON"),
                flash(
                        "header no JSON",
                        m -> m.header(m.single(), "{\"__metadata__\"", "{__metadata__"),
                        "not valid JSON"),
                flash("header an array", m -> m.header(m.single(), t -> "[1, 2]"), "not a JSON object"),
                flash(
                        "wrong dtype",
                        m -> m.header(m.single(), "BF16\",\"shape\":[512,64]", "F8\",\"shape\":[512,64]"),
                        "F8"),
                flash(
                        "another dtype",
                        m -> m.header(m.single(), "BF16\",\"shape\":[512,64]", "I8\",\"shape\":[512,128]"),
                        "embed.weight"),
                flash("wrong shape", m -> m.header(m.single(), "[512,64]", "[64,512]"), "embed.weight", "[64, 512]"),
                flash(
                        "shape of other size",
                        m -> m.header(m.single(), "[512,64]", "[513,64]"),
                        "embed.weight",
                        "[513, 64]"),
                flash("negative shape", m -> m.header(m.single(), "[512,64]", "[-51,64]"), "embed.weight", "negative"),
                flash(
                        "huge shape",
                        m -> m.header(m.single(), ",\"shape\":[512,64]", ",\"shape\":[9000000000]"),
                        "embed.weight"),
                flash("negative offset", m -> m.header(m.single(), "[0,65536]", "[-1,65536]"), "embed.weight"),
                flash(
                        "offset far behind the end",
                        m -> m.header(m.single(), "[0,65536]", "[0,9999999]"),
                        "embed.weight"),
                flash("overlap", m -> m.header(m.single(), "[65536,65552]", "[65520,65536]"), "shares bytes"),
                flash(
                        "missing tensor",
                        m -> m.header(m.single(), "layers.0.attn.wkv.weight", "layers.0.attn.wkx.weight"),
                        "lacks the tensor layers.0.attn.wkv.weight"),
                flash(
                        "no tensor but one",
                        m -> m.header(m.single(), t -> "{" + first + "}"),
                        "lacks",
                        "layers.0.attn.attn_sink"),
                flash("no tensor", m -> m.header(m.single(), t -> "{}"), "lacks", "embed.weight"),
                flash(
                        "the same tensor twice",
                        m -> m.header(m.single(), "layers.1.attn.attn_sink", "layers.0.attn.attn_sink"),
                        "layers.0.attn.attn_sink",
                        "twice"));
    }

    static Stream<Case> shards() {
        return Stream.of(
                fp4("missing shard", m -> Files.delete(m.shard(2)), "model-00002-of-00002.safetensors", "missing"),
                fp4(
                        "empty shard",
                        m -> Files.write(m.shard(2), new byte[0]),
                        "model-00002-of-00002.safetensors",
                        "empty"),
                fp4("truncated shard", m -> m.cutTo(m.shard(1), 100_000), "model-00001-of-00002.safetensors"),
                fp4("shards exchanged", DamagedModelTest::exchange, "embed.weight", "index.json"),
                fp4("index no JSON", m -> m.replace(m.index(), "\"weight_map\"", "weight_map"), "index.json", "JSON"),
                fp4(
                        "index without a map",
                        m -> m.replace(m.index(), "\"weight_map\"", "\"map\""),
                        "index.json",
                        "weight_map"),
                fp4(
                        "index leads outside",
                        m -> m.replace(m.index(), "\"model-00002", "\"../model-00002"),
                        "plain file name"),
                fp4("index cut off", m -> m.cutTo(m.index(), 20_000), "index.json", "JSON"),
                fp4(
                        "index is a directory",
                        m -> {
                            Files.delete(m.index());
                            Files.createDirectory(m.index());
                        },
                        "index.json",
                        "directory"),
                fp4(
                        "index loops",
                        m -> {
                            Files.delete(m.index());
                            Files.createSymbolicLink(m.index(), m.index().getFileName());
                        },
                        "index.json",
                        "symbolic link"),
                fp4(
                        "shards loop",
                        m -> {
                            Files.delete(m.shard(1));
                            Files.delete(m.shard(2));
                            Files.createSymbolicLink(m.shard(1), m.shard(2).getFileName());
                            Files.createSymbolicLink(m.shard(2), m.shard(1).getFileName());
                        },
                        "model-0000",
                        "symbolic link"));
    }

    private static void exchange(BrokenModel m) throws IOException {
        Path aside = m.folder().resolve("aside");
        Files.move(m.shard(1), aside);
        Files.move(m.shard(2), m.shard(1));
        Files.move(aside, m.shard(2));
    }

    static Stream<Case> values() {
        return Stream.of(
                fp4(
                        "NaN scale of FP8",
                        m -> m.tensor(m.shard(1), "layers.0.attn.wq_a.scale", 255),
                        "layers.0.attn.wq_a",
                        "NaN scale"),
                fp4(
                        "NaN scale of FP4",
                        m -> m.tensor(m.shard(1), "layers.0.ffn.experts.1.w2.scale", 127, 255),
                        "layers.0.ffn.experts.1.w2",
                        "NaN scale"),
                flash(
                        "NaN in a norm",
                        m -> m.tensor(m.single(), "layers.0.attn_norm.weight", 0xff, 0x7f),
                        "layers.0.attn_norm.weight",
                        "NaN"),
                flash(
                        "table of absent experts",
                        m -> m.tensor(m.single(), "layers.1.ffn.gate.tid2eid", 8),
                        "layers.1.ffn.gate.tid2eid",
                        "expert 8"),
                flash(
                        "table of negative experts",
                        m -> m.tensor(m.single(), "layers.1.ffn.gate.tid2eid", 255, 255, 255, 255, 255, 255, 255, 255),
                        "layers.1.ffn.gate.tid2eid",
                        "expert -1"));
    }

    static Stream<Case> configurations() {
        return Stream.of(
                flash("config missing", m -> Files.delete(m.config()), "config.json", "does not exist"),
                flash("config empty", m -> Files.writeString(m.config(), ""), "config.json", "empty"),
                flash("config blank", m -> Files.writeString(m.config(), " \n"), "config.json"),
                flash("config no JSON", m -> Files.writeString(m.config(), "{\"a\": }"), "config.json", "JSON"),
                flash("config an array", m -> Files.writeString(m.config(), "[]"), "config.json", "JSON object"),
                flash("config cut off", m -> m.cutTo(m.config(), 700), "config.json", "JSON"),
                flash("config binary", m -> Files.write(m.config(), new byte[] {(byte) 0x80, 0, 1}), "config.json"),
                flash("config nested", m -> Files.writeString(m.config(), "[".repeat(100_000)), "config.json"),
                file(
                        "config of 1 GB",
                        m -> {
                            BrokenModel.sparse(m.config(), 1 << 30);
                            return m.folder();
                        },
                        "config.json",
                        "1073741824"),
                config("hidden_size", null, "lacks"),
                config("hidden_size", 0),
                config("hidden_size", -64),
                config("hidden_size", 64.5),
                config("hidden_size", "64"),
                config("hidden_size", 1L << 40),
                config("hidden_size", true),
                config("hidden_size", List.of(64)),
                flash("config hidden_size = 128", m -> m.configure("hidden_size", 128), "shape"),
                config("num_hidden_layers", 0),
                config("num_hidden_layers", 2_000_000_000),
                flash(
                        "config num_hidden_layers = 8",
                        m -> m.configure("num_hidden_layers", 8),
                        "config.json",
                        "compress_ratios"),
                config("num_hash_layers", 8),
                config("compress_ratios", List.of(0, 0, 4)),
                config("compress_ratios", List.of(0, 0, 4, 128, 4, 128, 5, 0)),
                config("compress_ratios", List.of(0, 0, 4, 128, 4, 128, "4", 0)),
                config("compress_ratios", "none"),
                config("head_dim", 81),
                config("qk_rope_head_dim", 15),
                config("qk_rope_head_dim", 80),
                config("o_groups", 3),
                config("index_head_dim", 48),
                config("index_topk", 0),
                config("index_topk", 1L << 33),
                config("num_experts_per_tok", 9),
                config("num_key_value_heads", 2),
                config("n_shared_experts", 2),
                config("hc_mult", 1000),
                config("hc_sinkhorn_iters", 1_000_000_000),
                config("rms_norm_eps", "small"),
                config("rms_norm_eps", -1),
                config("rope_theta", 0),
                config("routed_scaling_factor", List.of()),
                config("scoring_func", "softmax"),
                config("rope_scaling", "yarn"),
                config("rope_scaling", Map.of("type", "linear")),
                config("rope_scaling", Map.of("type", "yarn")),
                config("vocab_size", 0),
                config("bos_token_id", 512),
                config("eos_token_id", -1),
                config("eos_token_id", "</s>"),
                config("max_position_embeddings", 0),
                config("max_position_embeddings", Long.MAX_VALUE),
                flash("config vocab_size = 513", m -> m.configure("vocab_size", 513), "[513, 2]", "shape"));
    }

    static Stream<Case> tokenizers() {
        return Stream.of(
                flash("tokenizer too large", m -> Files.copy(Hadal.TOKENIZER, m.tokenizer()), "2048", "512"),
                flash("tokenizer empty", m -> Files.writeString(m.tokenizer(), ""), "tokenizer.json", "empty"),
                flash(
                        "tokenizer no JSON",
                        m -> Files.writeString(m.tokenizer(), "{\"model\": {"),
                        "tokenizer.json",
                        "JSON"),
                flash("tokenizer an array", m -> Files.writeString(m.tokenizer(), "[]"), "tokenizer.json"),
                flash("tokenizer without a model", m -> Files.writeString(m.tokenizer(), "{}"), "tokenizer.json"),
                flash(
                        "tokenizer nested",
                        m -> Files.writeString(m.tokenizer(), "{\"a\":" + "[".repeat(100_000)),
                        "tokenizer.json"),
                flash(
                        "tokenizer binary",
                        m -> Files.write(m.tokenizer(), new byte[] {(byte) 0xff, 0}),
                        "tokenizer.json",
                        "UTF-8"),
                flash(
                        "tokenizer cut off",
                        m -> {
                            Files.copy(Hadal.TOKENIZER, m.tokenizer());
                            m.cutTo(m.tokenizer(), 20_000);
                        },
                        "tokenizer.json",
                        "JSON"),
                flash(
                        "tokenizer loops",
                        m -> Files.createSymbolicLink(
                                m.tokenizer(), m.tokenizer().getFileName()),
                        "tokenizer.json",
                        "symbolic link"));
    }

    static Stream<Case> places() {
        return Stream.of(
                file(
                        "empty directory",
                        m -> Files.createDirectory(m.folder().resolve("empty")),
                        "empty",
                        "holds neither"),
                file("empty file", m -> Files.createFile(m.folder().resolve("empty.gguf")), "empty.gguf", "empty"),
                file("text file", m -> Files.writeString(m.folder().resolve("a.gguf"), "a b c d"), "a.gguf", "neither"),
                file("short file", m -> Files.writeString(m.folder().resolve("a.gguf"), "a"), "a.gguf"),
                file(
                        "a directory named gguf",
                        m -> Files.createDirectory(m.folder().resolve("a.gguf")),
                        "a.gguf"),
                file(
                        "link in circles",
                        m -> Files.createSymbolicLink(m.folder().resolve("loop.gguf"), Path.of("loop.gguf")),
                        "loop.gguf"),
                file("no such path", m -> m.folder().resolve("absent/model.gguf"), "absent", "does not exist"),
                file("device", m -> Path.of("/dev/zero"), "/dev/zero", "not a regular file"),
                file("configuration given", m -> m.config(), "config.json"),
                flash(
                        "weights a directory",
                        m -> {
                            Files.delete(m.single());
                            Files.createDirectory(m.single());
                        },
                        "model.safetensors",
                        "directory"),
                file(
                        "name of two lines",
                        m -> Files.writeString(m.folder().resolve("two\nlines.gguf"), "a b c d"),
                        "lines.gguf",
                        "neither"));
    }

    static Stream<Case> gguf() {
        return Stream.of(
                gguf("cut off after the magic number", new Gguf(), "ends"),
                gguf("big-endian", new Gguf().int32(0x03000000), "version"),
                gguf("version 2", new Gguf().int32(2), "version 2"),
                gguf("huge tensor count", new Gguf().int32(3).int64(1L << 60).int64(0), "tensors"),
                gguf("huge pair count", new Gguf().int32(3).int64(0).int64(1L << 60), "metadata pairs"),
                gguf("negative counts", new Gguf().int32(3).int64(-1).int64(-1), "metadata pairs"),
                gguf("huge key", pairs(1).int64(1L << 40).int64(0), "metadata key"),
                gguf("huge string", pairs(1).text("k").int32(8).int64(1L << 40), "k"),
                gguf("huge array", pairs(1).text("k").int32(9).int32(4).int64(1L << 61), "k"),
                gguf(
                        "huge array of strings",
                        pairs(1).text("k").int32(9).int32(8).int64(1L << 50),
                        "k"),
                gguf("arrays without end", deep(), "k", "deeply"),
                gguf("unknown type", pairs(1).text("k").int32(77).int64(0), "k", "77"),
                gguf("alignment 0", pairs(1).text("general.alignment").int32(4).int32(0), "general.alignment"),
                gguf("alignment 3", pairs(1).text("general.alignment").int32(4).int32(3), "general.alignment"),
                gguf(
                        "alignment 2^31",
                        pairs(1).text("general.alignment").int32(4).int32(1 << 31),
                        "general.alignment"),
                gguf("no architecture", pairs(0).int64(0).int64(0).int64(0), "general.architecture"),
                gguf(
                        "another architecture",
                        pairs(1).text("general.architecture").int32(8).text("llama"),
                        "general.architecture",
                        "llama"),
                gguf("part of a set", pairs(1).text("split.count").int32(2).int16(3), "split"),
                file(
                        "missing part",
                        m -> Files.write(
                                m.folder().resolve("m-00001-of-00003.gguf"),
                                pairs(1).text("split.count").int32(2).int16(3).bytes()),
                        "m-00002-of-00003.gguf",
                        "missing"),
                file(
                        "as many tensors as fit into 8 GB of zeros",
                        m -> BrokenModel.sparse(
                                m.folder().resolve("m.gguf"),
                                8L << 30,
                                new Gguf()
                                        .int32(3)
                                        .int64((8L << 30) / 32)
                                        .int64(0)
                                        .bytes()),
                        "m.gguf"),
                file(
                        "as many strings as fit into 8 GB of zeros",
                        m -> BrokenModel.sparse(
                                m.folder().resolve("m.gguf"),
                                8L << 30,
                                pairs(1).text("k")
                                        .int32(9)
                                        .int32(8)
                                        .int64(1_000_000_000)
                                        .bytes()),
                        "m.gguf",
                        "k"));
    }

    private static Gguf pairs(int count) {
        return new Gguf().int32(3).int64(0).int64(count);
    }

    private static Gguf deep() {
        var gguf = pairs(1).text("k").int32(9);
        for (int i = 0; i < 1000; i++) {
            gguf.int32(9).int64(1);
        }
        return gguf;
    }

    private static Case gguf(String name, Gguf content, String... said) {
        var all = new ArrayList<>(List.of("model.gguf"));
        all.addAll(Arrays.asList(said));
        return file(
                "GGUF, " + name,
                m -> Files.write(m.folder().resolve("model.gguf"), content.bytes()),
                all.toArray(String[]::new));
    }

    /// What the first use of parsers and commands allocates belongs to no case.
    @BeforeAll
    static void warmUp(@TempDir Path folder) {
        assertThat(Hadal.run("inspect", Hadal.FP4).code()).isZero();
        assertThat(Hadal.run("logits", Hadal.FP4, "--ids", 1, "--out", folder.resolve("l"))
                        .code())
                .isZero();
    }

    /// A checkpoint in order, but not for this machine: `inspect` says what it takes, the others refuse.
    @Test
    void whatMemoryCannotHoldIsRefusedBeforeWorkStarts() throws IOException {
        Hadal.copy(Hadal.FLASH, folder);
        new BrokenModel(folder).configure("sliding_window", 1 << 20);
        var tooLarge = new Case("", folder, BrokenModel::folder, List.of("MiB", "HADAL_JAVA_OPTS"));
        refused(tooLarge, "logits", folder, "--ids", "1,2", "--out", folder.resolve("logits.safetensors"));
        refused(tooLarge, "run", folder, "Hello");
        assertThat(run("inspect", folder).code()).isZero();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"truncated", "headers", "shards", "values", "configurations", "tokenizers", "places", "gguf"})
    void isSaidInOneSentence(Case damaged) throws IOException {
        Hadal.copy(damaged.base(), folder);
        check(damaged, damaged.damage().on(new BrokenModel(folder)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("secrets")
    void isSaidInOneSentenceWithoutPermission(Case damaged) throws IOException {
        Hadal.copy(damaged.base(), folder);
        Path path = damaged.damage().on(new BrokenModel(folder));
        try {
            Assumptions.assumeFalse(Files.isReadable(path), "this user may read everything");
            check(damaged, path);
        } finally {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
        }
    }

    static Stream<Case> secrets() {
        return Stream.of(
                file("directory", m -> closed(Files.createDirectory(m.folder().resolve("closed"))), "permission"),
                file("file", m -> closed(Files.writeString(m.folder().resolve("closed.gguf"), "GGUF")), "permission"));
    }

    private static Path closed(Path path) throws IOException {
        return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("---------"));
    }

    private void check(Case damaged, Path model) {
        Path out = folder.resolve("logits.safetensors");
        var sentence = refused(damaged, "logits", model, "--ids", "1,2", "--out", out);
        assertThat(out).doesNotExist();
        assertThat(refused(damaged, "run", model, "Hello")).isEqualTo(sentence);
        var inspected = run("inspect", model);
        assertThat(inspected.code()).as(inspected.err()).isEqualTo(2);
        assertThat(inspected.err().lines()).isNotEmpty().allMatch(line -> line.startsWith("hadal: "));
        damaged.said().forEach(word -> assertThat(inspected.err()).contains(word));
    }

    private String refused(Case damaged, Object... args) {
        var run = run(args);
        assertThat(run.err().lines()).as(run.err()).singleElement().asString().startsWith("hadal: ");
        damaged.said().forEach(word -> assertThat(run.err()).contains(word));
        assertThat(run.err()).doesNotContain("Exception", "--debug");
        assertThat(run.out()).isEmpty();
        assertThat(run.code()).isEqualTo(2);
        return run.err();
    }

    private static Hadal run(Object... args) {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        var run = Hadal.runWith("", args);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before)
                .as(() -> "bytes allocated by " + List.of(args))
                .isLessThan(MEMORY);
        return run;
    }

    /// The bytes of a GGUF file, as wrong as one likes.
    private static final class Gguf {

        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Gguf() {
            out.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
        }

        Gguf int16(int value) {
            out.write(BrokenModel.little(value), 0, Short.BYTES);
            return this;
        }

        Gguf int32(int value) {
            out.write(BrokenModel.little(value), 0, Integer.BYTES);
            return this;
        }

        Gguf int64(long value) {
            out.writeBytes(BrokenModel.little(value));
            return this;
        }

        Gguf text(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            int64(bytes.length);
            out.writeBytes(bytes);
            return this;
        }

        byte[] bytes() {
            return out.toByteArray();
        }
    }
}
