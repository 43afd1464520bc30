package ai.hadal.grammar;

import ai.hadal.tokenizer.Tokenizer;
import ai.hadal.tokenizer.Vocabulary;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Vocabularies to constrain: the built-in model's, and small ones with tokens that cross every border.
final class Vocabularies {

    static final GrammarVocabulary NANO =
            new GrammarVocabulary(Tokenizer.fromJson(Path.of("../models/nano/tokenizer.json")));

    /// All bytes, pieces of JSON, and pieces of characters.
    static final GrammarVocabulary SMALL = of(
            "{\"",
            "\":",
            "\": ",
            "\",",
            "\", \"",
            "\"}",
            "}}",
            "[[",
            "]]",
            "],",
            "tr",
            "true",
            "fals",
            "e,",
            "nul",
            "null",
            "12",
            "-1",
            "0.",
            ".5",
            "e+",
            "10",
            "100",
            "1000",
            "ab",
            "abc",
            "\"a",
            "\"a\"",
            "\"ab",
            "a\":",
            "b\"",
            "  ",
            "\n  ",
            "\\u",
            "\\u00",
            "\\\"",
            "\\n",
            "é",
            "😀",
            "aa",
            "aaaa",
            "aaaaaaaa",
            "aaaaaaaaaaaaaaaaaaaaaaaa",
            "aaaaaaaaaaaaaaaaaaaaaaaa\",",
            "éééééééééaa\"",
            "{\"a\":1}",
            "{\"a\": ",
            ", ",
            "\"b\"",
            "\": [",
            "}, {\"",
            "2026-",
            "T1",
            "Z\"");

    private Vocabularies() {}

    static GrammarVocabulary of(String... texts) {
        var tokens = new ArrayList<String>();
        for (int b = 0; b < 256; b++) {
            tokens.add(spelled(new byte[] {(byte) b}));
        }
        for (String text : texts) {
            tokens.add(spelled(text.getBytes(StandardCharsets.UTF_8)));
        }
        byte[] cut = "é😀".getBytes(StandardCharsets.UTF_8);
        tokens.add(spelled(Arrays.copyOfRange(cut, 1, 4)));
        tokens.add(spelled(Arrays.copyOfRange(cut, 2, 5)));
        var types = new int[tokens.size() + 3];
        Arrays.fill(types, 1);
        for (String added : List.of("<bos>", "<eos>", "<call>")) {
            types[tokens.size()] = 3;
            tokens.add(added);
        }
        int bos = tokens.size() - 3;
        return new GrammarVocabulary(
                Tokenizer.of(new Vocabulary("small.gguf", tokens, types, List.of(), "deepseek-v3", bos, bos + 1, -1)));
    }

    /// The bytes in the alphabet that vocabularies spell tokens in.
    private static String spelled(byte[] bytes) {
        var spelled = new StringBuilder();
        for (byte b : bytes) {
            int value = b & 0xFF;
            boolean printable = (value > ' ' && value < 0x7F) || (value > 0xA0 && value != 0xAD);
            spelled.append((char) (printable ? value : shifted(value)));
        }
        return spelled.toString();
    }

    private static int shifted(int value) {
        int before = 0;
        for (int b = 0; b < value; b++) {
            boolean printable = (b > ' ' && b < 0x7F) || (b > 0xA0 && b != 0xAD);
            before += printable ? 0 : 1;
        }
        return 256 + before;
    }
}
