package ai.hadal.chat;

import java.util.List;

/// A quick-instruction task: a message that carries one is followed by the task's marker instead of a normal reply.
/// Any name can be carried; one that is not among [#ALL] is refused when it would be printed.
public record Task(String name) {

    /// Decides what to do next, for example whether to search. The only task that opens an assistant turn.
    public static final Task ACTION = new Task("action");

    public static final Task QUERY = new Task("query");
    public static final Task AUTHORITY = new Task("authority");
    public static final Task DOMAIN = new Task("domain");
    public static final Task TITLE = new Task("title");
    public static final Task READ_URL = new Task("read_url");

    /// The tasks the model knows.
    public static final List<Task> ALL = List.of(ACTION, QUERY, AUTHORITY, DOMAIN, TITLE, READ_URL);

    /// The special string of this task.
    public String marker() {
        return "<｜" + name + "｜>";
    }
}
