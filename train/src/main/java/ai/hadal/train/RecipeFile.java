package ai.hadal.train;

import ai.hadal.error.HadalException;
import ai.hadal.train.Recipe.Data;
import ai.hadal.train.Recipe.Losses;
import ai.hadal.train.Recipe.Rates;
import ai.hadal.train.Recipe.Saving;
import ai.hadal.train.Recipe.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Reads a recipe. Paths are relative to its folder. A field that is unknown or missing is an error: a typo must
/// not train a model for a day.
public final class RecipeFile {

    private static final YAMLMapper YAML = YAMLMapper.builder(YAMLFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .build();

    /// Numbers in a recipe are smaller.
    private static final double MOST = 1e6;

    private final Path file;

    private RecipeFile(Path file) {
        this.file = file;
    }

    /// @throws HadalException if it can't be read or a field is wrong; the message names the field
    public static Recipe read(Path file) {
        JsonNode root;
        try {
            root = YAML.readTree(Files.readString(file));
        } catch (IOException e) {
            throw new HadalException(file + " cannot be read (" + e.getMessage() + "); give the path of a recipe", e);
        } catch (JacksonException e) {
            throw new HadalException(file + " is not YAML: " + place(e) + "; correct it", e);
        }
        return new RecipeFile(file).recipe(root);
    }

    private static String place(JacksonException e) {
        String line =
                e.getLocation() == null ? "" : " in line " + e.getLocation().getLineNr();
        return e.getOriginalMessage().lines().findFirst().orElse("it has an error") + line;
    }

    private Recipe recipe(JsonNode root) {
        fields(
                root,
                "the recipe",
                Set.of("seed", "config", "tokenizer", "output", "optimizer", "losses", "checkpoint", "stages"));
        List<Stage> stages = new ArrayList<>();
        for (JsonNode stage : array(root, "stages", "")) {
            stages.add(stage(stage, "stages[" + stages.size() + "]."));
        }
        var recipe = new Recipe(
                file,
                whole(root, "seed", "", 0),
                path(root, "config", ""),
                path(root, "tokenizer", ""),
                path(root, "output", ""),
                rates(root.path("optimizer")),
                losses(root.path("losses")),
                saving(root.path("checkpoint")),
                stages);
        if (recipe.optimizer().decayFrom() > recipe.steps()) {
            throw wrong(
                    "optimizer.decay_from",
                    recipe.optimizer().decayFrom(),
                    "at most the " + recipe.steps() + " steps of all stages");
        }
        return recipe;
    }

    private Rates rates(JsonNode node) {
        String p = "optimizer.";
        fields(
                node,
                "optimizer",
                Set.of("peak", "token_rate", "vector_rate", "weight_decay", "warmup", "decay_from", "last"));
        return new Rates(
                positive(node, "peak", p),
                positive(node, "token_rate", p),
                positive(node, "vector_rate", p),
                number(node, "weight_decay", p),
                whole(node, "warmup", p, 0),
                whole(node, "decay_from", p, 0),
                number(node, "last", p));
    }

    private Losses losses(JsonNode node) {
        fields(node, "losses", Set.of("mtp", "mtp_late", "balance", "balance_rate"));
        return new Losses(
                number(node, "mtp", "losses."),
                number(node, "mtp_late", "losses."),
                number(node, "balance", "losses."),
                number(node, "balance_rate", "losses."));
    }

    private Saving saving(JsonNode node) {
        fields(node, "checkpoint", Set.of("every", "keep"));
        return new Saving(whole(node, "every", "checkpoint.", 1), (int) whole(node, "keep", "checkpoint.", 1));
    }

    private Stage stage(JsonNode node, String p) {
        fields(
                node,
                p,
                Set.of(
                        "name",
                        "steps",
                        "rate",
                        "packs",
                        "tokens",
                        "attention",
                        "indexer",
                        "learn",
                        "weights",
                        "cache",
                        "data"));
        List<Data> data = new ArrayList<>();
        for (JsonNode source : array(node, "data", p)) {
            data.add(data(source, p + "data[" + data.size() + "]."));
        }
        var stage = new Stage(
                text(node, "name", p),
                whole(node, "steps", p, 1),
                node.has("rate") ? positive(node, "rate", p) : 1,
                (int) whole(node, "packs", p, 1),
                (int) whole(node, "tokens", p, 2),
                choice(node, "attention", p, "dense", "sparse"),
                number(node, "indexer", p),
                choice(node, "learn", p, "all", "indexers"),
                choice(node, "weights", p, "full", "rounded"),
                choice(node, "cache", p, "full", "rounded"),
                data);
        if (stage.indexersOnly() && stage.indexer() == 0) {
            throw wrong(p + "indexer", node.path("indexer"), "a number above 0, as only indexers learn,");
        }
        return stage;
    }

    private Data data(JsonNode node, String p) {
        double weight = positive(node, "weight", p);
        if (node.has("nano")) {
            fields(node, p, Set.of("weight", "nano", "modes"));
            Map<String, Double> tasks = new LinkedHashMap<>();
            for (var task : node.path("nano").properties()) {
                tasks.put(task.getKey(), positive(node.path("nano"), task.getKey(), p + "nano."));
            }
            List<Double> modes = new ArrayList<>();
            if (tasks.isEmpty()) {
                throw wrong(p + "nano", node.path("nano"), "a mapping of tasks to weights");
            }
            for (JsonNode mode : array(node, "modes", p)) {
                modes.add(mode.isNumber() ? mode.doubleValue() : -1);
            }
            boolean shares = modes.stream().allMatch(share -> share >= 0 && share < MOST);
            if (modes.size() != 3 || !shares || modes.stream().allMatch(share -> share == 0)) {
                throw wrong(p + "modes", node.path("modes"), "three shares, non-think, high and max,");
            }
            return new Data.Nano(weight, tasks, modes);
        }
        if (node.has("chats")) {
            fields(node, p, Set.of("weight", "chats"));
            return new Data.Chats(weight, path(node, "chats", p));
        }
        fields(node, p, Set.of("weight", "text"));
        return new Data.Text(weight, path(node, "text", p));
    }

    private void fields(JsonNode node, String place, Set<String> known) {
        String shown = place.endsWith(".") ? place.substring(0, place.length() - 1) : place;
        if (!node.isObject()) {
            throw new HadalException(file + ": " + shown + " is missing or no mapping; add it as in recipes/nano.yaml");
        }
        for (var field : node.properties()) {
            if (!known.contains(field.getKey())) {
                throw new HadalException(file + ": " + shown + " has no field '" + field.getKey() + "'; the fields are "
                        + String.join(", ", known.stream().sorted().toList()));
            }
        }
    }

    private Iterable<JsonNode> array(JsonNode node, String name, String p) {
        if (!node.path(name).isArray() || node.path(name).isEmpty()) {
            throw wrong(p + name, node.path(name), "a list with at least one entry");
        }
        return node.path(name);
    }

    private String text(JsonNode node, String name, String p) {
        if (!node.path(name).isString()) {
            throw wrong(p + name, node.path(name), "a text");
        }
        return node.path(name).stringValue();
    }

    private Path path(JsonNode node, String name, String p) {
        return file.toAbsolutePath().resolveSibling(text(node, name, p)).normalize();
    }

    private boolean choice(JsonNode node, String name, String p, String no, String yes) {
        String value = text(node, name, p);
        if (!value.equals(no) && !value.equals(yes)) {
            throw wrong(p + name, value, no + " or " + yes);
        }
        return value.equals(yes);
    }

    private long whole(JsonNode node, String name, String p, long least) {
        JsonNode value = node.path(name);
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < least) {
            throw wrong(p + name, value, "a whole number from " + least + " to " + Integer.MAX_VALUE);
        }
        return value.intValue();
    }

    private double number(JsonNode node, String name, String p) {
        JsonNode value = node.path(name);
        if (!value.isNumber() || !(value.doubleValue() >= 0 && value.doubleValue() < MOST)) {
            throw wrong(p + name, value, "a number from 0 to below 1,000,000");
        }
        return value.doubleValue();
    }

    private double positive(JsonNode node, String name, String p) {
        double value = number(node, name, p);
        if (value == 0) {
            throw wrong(p + name, node.path(name), "a number above 0");
        }
        return value;
    }

    private HadalException wrong(String field, Object found, String wanted) {
        String shown = found instanceof JsonNode node && node.isMissingNode() ? "missing" : found.toString();
        return new HadalException(file + ": " + field + " is " + shown + " where " + wanted + " is needed");
    }
}
