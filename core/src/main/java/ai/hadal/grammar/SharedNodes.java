package ai.hadal.grammar;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Makes equal trees one object, so that comparing them costs nothing however large they are.
final class SharedNodes {

    private final Map<List<Object>, JsonNode> nodes = new HashMap<>();
    private final IdentityHashMap<JsonNode, Integer> numbers = new IdentityHashMap<>();

    /// The one object for this tree; recursion is as deep as the tree.
    JsonNode share(JsonNode node) {
        if (numbers.containsKey(node)) {
            return node;
        }
        var key = new ArrayList<Object>();
        key.add(node.getNodeType());
        JsonNode copy = node;
        if (node.isObject()) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            node.properties().forEach(entry -> {
                JsonNode child = share(entry.getValue());
                object.set(entry.getKey(), child);
                key.add(entry.getKey());
                key.add(number(child));
            });
            copy = object;
        } else if (node.isArray()) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            node.values().forEach(element -> {
                JsonNode child = share(element);
                array.add(child);
                key.add(number(child));
            });
            copy = array;
        } else {
            key.add(node);
        }
        JsonNode shared = nodes.putIfAbsent(key, copy);
        if (shared == null) {
            numbers.put(copy, numbers.size());
            return copy;
        }
        return shared;
    }

    private Object number(JsonNode shared) {
        return numbers.getOrDefault(shared, -1);
    }
}
