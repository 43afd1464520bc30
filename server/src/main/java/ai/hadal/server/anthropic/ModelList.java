package ai.hadal.server.anthropic;

import ai.hadal.server.http.Call;
import ai.hadal.server.http.ModelNames;
import java.time.Instant;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `GET /anthropic/v1/models` and `GET /anthropic/v1/models/{id}`. At the root these paths are OpenAI's.
public final class ModelList {

    private final ModelNames names;
    private final int contextLength;
    private final Instant created;

    public ModelList(ModelNames names, int contextLength, Instant created) {
        this.names = names;
        this.contextLength = contextLength;
        this.created = created;
    }

    /// All models: there is one.
    public void list(Call call) {
        String name = names.served();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.putArray("data").add(model(name));
        call.send(json.put("has_more", false).put("first_id", name).put("last_id", name));
    }

    /// One model.
    public void get(Call call) {
        String name = call.request().path().pathParameters().get("id");
        names.mode(name);
        call.send(model(name));
    }

    private ObjectNode model(String name) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", "model")
                .put("id", name)
                .put("display_name", name)
                .put("created_at", created.toString())
                .put("lifecycle", "active")
                .putNull("deprecated_at")
                .putNull("retires_at")
                .putNull("line")
                .putNull("capabilities")
                .put("max_input_tokens", contextLength)
                .put("max_tokens", contextLength);
    }
}
