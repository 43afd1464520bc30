package ai.hadal.testing;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A validator that others wrote.
public final class SchemaValidator {

    private SchemaValidator() {}

    /// What is wrong with the text; empty if it is JSON that satisfies the schema, formats included.
    public static List<String> faults(JsonNode schema, String text) {
        JsonNode value;
        try {
            value = JsonMapper.shared().readTree(text);
        } catch (JacksonException e) {
            return List.of(e.getMessage());
        }
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schema)
                .validate(value, context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)))
                .stream()
                .map(Object::toString)
                .toList();
    }
}
