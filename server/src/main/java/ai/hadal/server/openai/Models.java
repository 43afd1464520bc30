package ai.hadal.server.openai;

import ai.hadal.server.http.Call;
import ai.hadal.server.http.ModelNames;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `GET /v1/models` and `GET /v1/models/{id}`.
public final class Models {

    private final ModelNames names;
    private final int contextLength;
    private final long created;

    /// @param created seconds since 1970
    public Models(ModelNames names, int contextLength, long created) {
        this.names = names;
        this.contextLength = contextLength;
        this.created = created;
    }

    /// All models: there is one.
    public void list(Call call) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("object", "list");
        json.putArray("data").add(model(names.served()));
        call.send(json);
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
                .put("id", name)
                .put("object", "model")
                .put("created", created)
                .put("owned_by", "hadal")
                .put("max_model_len", contextLength);
    }
}
