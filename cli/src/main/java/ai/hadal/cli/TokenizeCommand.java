package ai.hadal.cli;

import ai.hadal.engine.Tokenizers;
import ai.hadal.error.HadalException;
import ai.hadal.tokenizer.Tokenizer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Text to token ids and back, for people and, as JSON lines, for programs.
@Command(
        name = "tokenize",
        description = "Show the tokens of a text, or the text of token ids.",
        footer = {
            "",
            "With --jsonl a line of standard input is {\"text\": ...} and a line of output {\"ids\": [...]};",
            "with --jsonl --decode it is the other way round.",
            "Example: hadal tokenize \"How deep is the sea?\""
        })
final class TokenizeCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelPath modelPath;

    @Option(
            names = "--tokenizer",
            paramLabel = "PATH",
            description = "A tokenizer.json, a folder that holds one, or a .gguf file (default: the model's).")
    private @Nullable Path tokenizerPath;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "TEXT",
            description = "The text, or the ids with --decode (default: standard input).")
    private @Nullable String input;

    @Option(names = "--decode", description = "From ids to text.")
    private boolean decode;

    @Option(
            names = "--ordinary",
            description = "Nothing in the text is special: names of control tokens are encoded letter by letter.")
    private boolean ordinary;

    @Option(names = "--jsonl", description = "Read and write JSON lines.")
    private boolean jsonl;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public void run() {
        if (jsonl && input != null) {
            throw new HadalException("--jsonl reads standard input; leave out the text `" + Shown.brief(input) + "`");
        }
        Tokenizer tokenizer = Tokenizers.at(source());
        PrintWriter out = spec.commandLine().getOut();
        if (jsonl) {
            JsonLines.answer(System.in, out, line -> answer(tokenizer, line).toString());
        } else if (decode) {
            String text = tokenizer.decode(TokenIds.parse(input(), input == null ? "the input" : "--decode"));
            out.println(json ? textNode(text).toString() : text);
        } else {
            int[] ids = encode(tokenizer, input());
            if (json) {
                out.println(describe(tokenizer, ids));
            } else {
                print(tokenizer, ids, out);
            }
        }
    }

    private Path source() {
        if (tokenizerPath != null) {
            return tokenizerPath;
        }
        Path model = modelPath.of(null);
        Path folder = model.toAbsolutePath().getParent();
        // The tokenizer of a safetensors file lies beside it.
        return folder != null && model.toString().endsWith(".safetensors") ? folder : model;
    }

    private String input() {
        if (input != null) {
            return input;
        }
        try {
            return new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new HadalException("standard input cannot be read; give the text as an argument", e);
        }
    }

    private int[] encode(Tokenizer tokenizer, String text) {
        return ordinary ? tokenizer.encodeOrdinary(text) : tokenizer.encode(text);
    }

    private ObjectNode answer(Tokenizer tokenizer, String line) {
        JsonNode node;
        try {
            node = Shown.MAPPER.readTree(line);
        } catch (JacksonException e) {
            throw new HadalException("it is not valid JSON; give an object a line", e);
        }
        if (!decode) {
            if (!node.path("text").isString()) {
                throw new HadalException("it has no string `text`; give {\"text\": ...}");
            }
            return idsNode(encode(tokenizer, node.path("text").stringValue()));
        }
        JsonNode ids = node.path("ids");
        if (!ids.isArray() || !ids.valueStream().allMatch(JsonNode::canConvertToInt)) {
            throw new HadalException("it has no array of integers `ids`; give {\"ids\": [...]}");
        }
        return textNode(
                tokenizer.decode(ids.valueStream().mapToInt(JsonNode::intValue).toArray()));
    }

    private static ObjectNode idsNode(int[] ids) {
        var node = JsonNodeFactory.instance.objectNode();
        var array = node.putArray("ids");
        Arrays.stream(ids).forEach(array::add);
        return node;
    }

    private static ObjectNode textNode(String text) {
        return JsonNodeFactory.instance.objectNode().put("text", text);
    }

    /// Ids, their spelling in the vocabulary, their number.
    private static ObjectNode describe(Tokenizer tokenizer, int[] ids) {
        var node = idsNode(ids);
        var pieces = node.putArray("pieces");
        Arrays.stream(ids).forEach(id -> pieces.add(tokenizer.token(id)));
        return node.put("count", ids.length);
    }

    private static void print(Tokenizer tokenizer, int[] ids, PrintWriter out) {
        for (int id : ids) {
            out.printf("%8d  %s%n", id, Shown.bytes(tokenizer.bytes(id)));
        }
        out.println(ids.length == 1 ? "1 token" : ids.length + " tokens");
    }
}
