package ai.hadal;

import ai.hadal.chat.ReplyEvent;
import java.util.function.Consumer;

/// Watches a reply while it is generated and may end it. Called on the generating thread.
public interface ReplyListener {

    /// Watches nothing.
    ReplyListener NONE = new ReplyListener() {};

    /// Passes on the answer's text as it comes, without reasoning and calls.
    static ReplyListener text(Consumer<String> sink) {
        return events(event -> {
            if (event instanceof ReplyEvent.Text(String text)) {
                sink.accept(text);
            }
        });
    }

    /// Passes on every event.
    static ReplyListener events(Consumer<? super ReplyEvent> sink) {
        return new ReplyListener() {
            @Override
            public void event(ReplyEvent event) {
                sink.accept(event);
            }
        };
    }

    /// Prompt tokens processed so far, cached ones included.
    default void prefill(long done, long total) {}

    /// The reply grew.
    default void event(ReplyEvent event) {}

    /// Asked between steps; true ends the reply. May be answered from what another thread has set.
    default boolean cancelled() {
        return false;
    }
}
