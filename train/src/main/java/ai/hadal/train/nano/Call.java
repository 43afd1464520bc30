package ai.hadal.train.nano;

import ai.hadal.chat.ToolCall;
import tools.jackson.databind.node.JsonNodeFactory;

/// A call with one argument.
record Call(String tool, String parameter, String value) {

    ToolCall withId(String id) {
        String arguments =
                JsonNodeFactory.instance.objectNode().put(parameter, value).toString();
        return new ToolCall(id, tool, arguments);
    }
}
