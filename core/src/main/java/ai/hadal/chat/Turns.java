package ai.hadal.chat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/// From messages to turns: merging, the order of tool results, and what a thinking conversation forgets (report,
/// section 16.1).
final class Turns {

    private Turns() {}

    /// Joins tool results and consecutive user messages. A user message with a task takes no further user messages,
    /// but does take tool results; a message that joins a turn loses its own task.
    ///
    /// @param offset position of the first message
    static List<Turn> merge(List<Message> messages, int offset) {
        var turns = new ArrayList<Turn>();
        for (int i = 0; i < messages.size(); i++) {
            int position = offset + i;
            Turn.User last = !turns.isEmpty() && turns.getLast() instanceof Turn.User turn ? turn : null;
            switch (messages.get(i)) {
                case Message.Tool tool -> {
                    var result = new Turn.Block.Result(tool.callId(), tool.content());
                    if (last == null) {
                        turns.add(new Turn.User(position, new ArrayList<>(List.of(result)), null));
                    } else {
                        last.blocks().add(result);
                    }
                }
                case Message.User user -> {
                    var said = new ArrayList<Turn.Block>();
                    user.content().forEach(block -> said.add(new Turn.Block.Said(position, block)));
                    if (last == null || last.task() != null) {
                        turns.add(new Turn.User(position, said, user.task()));
                    } else {
                        last.blocks().addAll(said);
                    }
                }
                case Message message -> turns.add(new Turn.Single(position, message));
            }
        }
        return turns;
    }

    /// Puts the tool results of each turn into the order of the latest calls before it. Other blocks stay where they
    /// are.
    static void sortToolResults(List<Turn> turns) {
        Map<String, Integer> order = Map.of();
        for (Turn turn : turns) {
            switch (turn) {
                case Turn.User user -> sortToolResults(user.blocks(), order);
                case Turn.Single single -> {
                    if (single.message() instanceof Message.Assistant assistant
                            && !assistant.toolCalls().isEmpty()) {
                        order = order(assistant.toolCalls());
                    }
                }
            }
        }
    }

    private static Map<String, Integer> order(List<ToolCall> calls) {
        var order = new HashMap<String, Integer>();
        for (int i = 0; i < calls.size(); i++) {
            String id = calls.get(i).id();
            if (id != null && !id.isEmpty()) {
                order.put(id, i);
            }
        }
        return order;
    }

    private static void sortToolResults(List<Turn.Block> blocks, Map<String, Integer> order) {
        Iterator<Turn.Block.Result> sorted = blocks.stream()
                .filter(Turn.Block.Result.class::isInstance)
                .map(Turn.Block.Result.class::cast)
                .sorted(Comparator.comparingInt(result -> order.getOrDefault(result.callId(), 0)))
                .iterator();
        // Without known ids all sort alike and stay where they are.
        blocks.replaceAll(block -> block instanceof Turn.Block.Result ? sorted.next() : block);
    }

    static boolean defineTools(List<Turn> turns) {
        return turns.stream().anyMatch(turn -> turn instanceof Turn.Single single && definesTools(single.message()));
    }

    private static boolean definesTools(Message message) {
        return switch (message) {
            case Message.System system -> !system.tools().isEmpty();
            case Message.Developer developer -> !developer.tools().isEmpty();
            default -> false;
        };
    }

    /// What is left of a thinking conversation whose old reasoning is dropped: all from the last prompting turn on;
    /// before it neither developer messages nor unknown roles. (Reasoning itself is left out by the renderer.)
    static List<Turn> forget(List<Turn> turns) {
        int last = Turn.lastPrompting(turns);
        var kept = new ArrayList<Turn>();
        for (int i = 0; i < turns.size(); i++) {
            if (i >= last || isKept(turns.get(i))) {
                kept.add(turns.get(i));
            }
        }
        return kept;
    }

    private static boolean isKept(Turn turn) {
        return !(turn instanceof Turn.Single single)
                || switch (single.message()) {
                    case Message.Developer _ -> false;
                    case Message.Other other -> other.role().equals("direct_search_results");
                    default -> true;
                };
    }
}
