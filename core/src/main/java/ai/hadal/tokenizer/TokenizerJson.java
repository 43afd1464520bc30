package ai.hadal.tokenizer;

import ai.hadal.error.HadalException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Reads a Hugging Face tokenizer.json. The vocabulary and the merges, nearly all of the file, are streamed; the
/// rest is small, is read as trees and must say what this package does ([PipelineCheck]).
final class TokenizerJson {

    private static final String FILE_NAME = "tokenizer.json";
    private static final String FIX = "use the tokenizer.json of a DeepSeek-V3 or V4 repository";
    private static final long MAX_BYTES = 256L << 20;

    private static final String BOS = "<｜begin▁of▁sentence｜>";
    private static final String EOS = "<｜end▁of▁sentence｜>";
    private static final String PAD = "<｜▁pad▁｜>";

    // Each of 128,000 names occurs once, so a table of names seen would only cost time.
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                    .build())
            .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS) // trees are read from the middle of the file
            .build();

    private final Place place;
    private final ObjectNode fields = MAPPER.createObjectNode();
    private final ObjectNode modelFields = MAPPER.createObjectNode();
    private final List<String> vocab = new ArrayList<>();
    private final IntList vocabIds = new IntList();
    private final List<String> merges = new ArrayList<>();

    private TokenizerJson(Place place) {
        this.place = place;
    }

    /// @param path the file, or the directory that holds it
    static Definition read(Path path) {
        Path file = Files.isDirectory(path) ? path.resolve(FILE_NAME) : path;
        String json = text(file);
        var reader = new TokenizerJson(new Place(file.toString(), FIX));
        try (JsonParser parser = MAPPER.createParser(json)) {
            reader.readRoot(parser);
        } catch (JacksonException e) {
            var at = e.getLocation();
            String where = at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
            throw new HadalException(file + " is not valid JSON" + where + "; fetch the file again.", e);
        }
        PipelineCheck.check(reader.place, reader.fields, reader.modelFields);
        return reader.definition();
    }

    private static String text(Path file) {
        try {
            long size = Files.size(file);
            if (!Files.isRegularFile(file)) {
                throw new HadalException(file + " is not a file; " + FIX + ".");
            }
            if (size > MAX_BYTES) {
                throw new HadalException(
                        file + " has " + size + " bytes, too many for a " + FILE_NAME + "; " + FIX + ".");
            }
            String text = Files.readString(file);
            if (text.isBlank()) {
                throw new HadalException(file + " is empty; fetch the file again.");
            }
            return text;
        } catch (NoSuchFileException e) {
            throw new HadalException(
                    file + " does not exist; give the path of a " + FILE_NAME + " or of the directory that holds one.",
                    e);
        } catch (CharacterCodingException e) {
            throw new HadalException(file + " is not UTF-8 text; fetch the file again.", e);
        } catch (IOException e) {
            throw new HadalException(
                    file + " cannot be read (" + e.getMessage() + "); check the path and its permissions.", e);
        }
    }

    private void readRoot(JsonParser parser) {
        parser.nextToken();
        readObject(parser, "the root", fields, name -> {
            if (!name.equals("model")) {
                return false;
            }
            readObject(parser, "model", modelFields, streamed(parser));
            return true;
        });
        if (parser.nextToken() != null) {
            throw new HadalException(place.source() + " goes on after the end of its JSON; fetch the file again.");
        }
    }

    private Streamed streamed(JsonParser parser) {
        return name -> {
            switch (name) {
                case "vocab" -> readVocab(parser);
                case "merges" -> readMerges(parser);
                default -> {
                    return false;
                }
            }
            return true;
        };
    }

    /// Reads the value of a field itself and says so, or leaves it to become a tree.
    private interface Streamed {
        boolean read(String name);
    }

    /// Reads an object: each field goes to `streamed` or, as a tree, into `trees`; a streamed one leaves a null
    /// there.
    private void readObject(JsonParser parser, String field, ObjectNode trees, Streamed streamed) {
        expect(parser, JsonToken.START_OBJECT, field, "is not an object");
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            if (trees.has(name)) {
                throw place.fault(Place.quote(name), "it occurs twice");
            }
            if (streamed.read(name)) {
                trees.putNull(name);
            } else {
                trees.set(name, MAPPER.readTree(parser));
            }
        }
    }

    private void readVocab(JsonParser parser) {
        expect(parser, JsonToken.START_OBJECT, "model.vocab", "is not an object");
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            vocab.add(parser.currentName());
            parser.nextToken();
            if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT
                    || parser.getNumberType() != JsonParser.NumberType.INT) {
                throw place.fault("model.vocab", "the id of " + Place.quote(vocab.getLast()) + " is not an integer");
            }
            vocabIds.add(parser.getIntValue());
        }
    }

    /// Merges are strings "left right" or, in newer files, arrays of the two.
    private void readMerges(JsonParser parser) {
        expect(parser, JsonToken.START_ARRAY, "model.merges", "is not an array");
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() == JsonToken.START_ARRAY) {
                String left = mergeText(parser, parser.nextToken());
                String right = mergeText(parser, parser.nextToken());
                merges.add(left + ' ' + right);
                parser.nextToken();
                expect(parser, JsonToken.END_ARRAY, mergeField(), "is more than a pair");
            } else {
                merges.add(mergeText(parser, parser.currentToken()));
            }
        }
    }

    private String mergeText(JsonParser parser, JsonToken token) {
        if (token != JsonToken.VALUE_STRING) {
            throw place.fault(mergeField(), "it is neither a text nor a pair of texts");
        }
        return parser.getString();
    }

    private String mergeField() {
        return "model.merges[" + merges.size() + "]";
    }

    private void expect(JsonParser parser, JsonToken token, String field, String otherwise) {
        if (parser.currentToken() != token) {
            throw place.fault(field, "it " + otherwise);
        }
    }

    /// Puts the vocabulary and the added tokens in the order of their ids, which must leave no gap.
    private Definition definition() {
        List<AddedToken> added = AddedToken.readAll(place, fields.path("added_tokens"));
        var tokens = new IdOrder(place, vocab.size() + added.size());
        for (int i = 0; i < vocab.size(); i++) {
            tokens.put("model.vocab", vocabIds.get(i), vocab.get(i), 0);
        }
        for (int i = 0; i < added.size(); i++) {
            AddedToken token = added.get(i);
            tokens.put("added_tokens[" + i + "]", token.id(), token.content(), token.flags());
        }
        int eos = tokens.id(EOS);
        int pad = tokens.find(PAD);
        return new Definition(
                place,
                "model.vocab",
                "model.merges",
                tokens.tokens(),
                tokens.flags(),
                merges,
                tokens.id(BOS),
                eos,
                pad < 0 ? eos : pad);
    }
}
