package ai.hadal.server.openai;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.server.reply.ModelOutputs;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The order of the events of one response: `created`, `in_progress`, then items by their index, each `added`, its
/// part or arguments with deltas and `done`, and `output_item.done`; then how the response ended, and nothing more.
/// Calls may be open together, a text item is alone. What the pieces join to is what `done` says.
final class ResponseEventsCheck {

    private static final List<String> ENDS = List.of("response.completed", "response.incomplete");

    private final String as;
    private final List<Item> items = new ArrayList<>();
    private int seen;
    private @Nullable JsonNode end;

    /// An item of the output and how far it is told.
    private static final class Item {

        final String id;
        final String type;
        final StringBuilder text = new StringBuilder();
        boolean part;
        boolean told;
        boolean partDone;

        @Nullable
        JsonNode done;

        Item(JsonNode item) {
            id = item.path("id").stringValue();
            type = item.path("type").stringValue();
        }

        boolean isCall() {
            return type.equals("function_call");
        }
    }

    /// @param as what is checked, for failures
    ResponseEventsCheck(String as) {
        this.as = as;
    }

    void accept(JsonNode event) {
        String type = event.path("type").stringValue();
        assertThat(end).as("after the end: %s in %s", type, as).isNull();
        switch (seen++) {
            case 0 -> is(type.equals("response.created"));
            case 1 -> is(type.equals("response.in_progress"));
            default -> {
                if (ENDS.contains(type)) {
                    ended(type, Objects.requireNonNull(event.get("response")));
                } else if (type.equals("response.output_item.added")) {
                    added(event);
                } else {
                    inItem(type, event);
                }
            }
        }
    }

    private void is(boolean condition) {
        assertThat(condition).as(as).isTrue();
    }

    private void added(JsonNode event) {
        var item = new Item(event.path("item"));
        is(event.path("output_index").intValue() == items.size());
        is(items.stream().noneMatch(other -> other.id.equals(item.id)));
        is(event.at("/item/status").stringValue().equals("in_progress"));
        for (var other : items) {
            is(other.isCall() ? item.isCall() : other.done != null);
        }
        if (item.isCall()) {
            is(event.at("/item/call_id").stringValue().startsWith("call_"));
            is(event.at("/item/arguments").stringValue().isEmpty());
            assertThat(event.at("/item/name").stringValue()).as(as).doesNotContain(ModelOutputs.MARKUP);
        } else {
            is(event.at("/item/content").isEmpty());
        }
        items.add(item);
    }

    private void inItem(String type, JsonNode event) {
        var item = items.get(event.path("output_index").intValue());
        is(item.done == null);
        if (type.equals("response.output_item.done")) {
            done(item, event.path("item"));
            return;
        }
        is(event.path("item_id").stringValue().equals(item.id));
        String text = item.type.equals("reasoning") ? "response.reasoning_text" : "response.output_text";
        if (item.isCall()) {
            is(!item.told);
            switch (type) {
                case "response.function_call_arguments.delta" -> grow(item, event);
                case "response.function_call_arguments.done" -> {
                    item.told = true;
                    is(event.path("arguments").stringValue().contentEquals(item.text));
                }
                default -> throw new AssertionError(type + " in a call: " + as);
            }
            return;
        }
        is(event.path("content_index").intValue() == 0);
        if (type.equals("response.content_part.added")) {
            is(!item.part && event.at("/part/text").stringValue().isEmpty());
            item.part = true;
        } else if (type.equals(text + ".delta")) {
            is(item.part && !item.told);
            grow(item, event);
            assertThat(item.text).as(as).doesNotContain(ModelOutputs.MARKUP);
        } else if (type.equals(text + ".done")) {
            is(item.part && !item.told);
            item.told = true;
            is(event.path("text").stringValue().contentEquals(item.text));
        } else if (type.equals("response.content_part.done")) {
            is(item.told && !item.partDone);
            item.partDone = true;
            is(event.at("/part/text").stringValue().contentEquals(item.text));
        } else {
            throw new AssertionError(type + " in " + item.type + ": " + as);
        }
    }

    private void grow(Item item, JsonNode event) {
        assertThat(event.path("delta").stringValue()).as(as).isNotEmpty();
        item.text.append(event.path("delta").stringValue());
    }

    private void done(Item item, JsonNode told) {
        is(told.path("id").stringValue().equals(item.id));
        is(told.path("type").stringValue().equals(item.type));
        if (item.isCall()) {
            is(told.path("arguments").stringValue().contentEquals(item.text));
            is(item.told || told.path("status").stringValue().equals("incomplete"));
        } else {
            is(item.partDone && told.at("/content/0/text").stringValue().contentEquals(item.text));
        }
        item.done = told;
    }

    /// The items of the response are those that were told as done, but for calls that are void.
    private void ended(String type, JsonNode response) {
        is(type.equals("response." + response.path("status").stringValue()));
        var kept = new ArrayList<JsonNode>();
        for (var item : items) {
            JsonNode done = Objects.requireNonNull(item.done, as);
            boolean isVoid = item.isCall() && done.path("status").stringValue().equals("incomplete");
            if (isVoid) {
                is(!response.path("malformed").isEmpty());
            } else {
                kept.add(done);
            }
        }
        assertThat(response.path("output").valueStream().toList()).as(as).isEqualTo(kept);
        end = response;
    }

    /// The response that has ended.
    JsonNode response() {
        return Objects.requireNonNull(end, as);
    }
}
