package ai.hadal.server.telemetry;

import ai.hadal.engine.SchedulerObserver;
import ai.hadal.server.reply.Caller;
import ai.hadal.server.reply.Finish;
import ai.hadal.server.reply.ReplyObserver;
import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/// Steps and answers as events of the Java flight recorder, which costs nothing while no recording runs.
public final class FlightRecorder implements SchedulerObserver, ReplyObserver {

    @Name("ai.hadal.Step")
    @Label("Step")
    @Category("Hadal")
    @StackTrace(false)
    @SuppressWarnings("unused") // the flight recorder reads the fields
    private static final class StepEvent extends Event {

        @Label("Growing answers")
        int growing;

        @Label("Tokens chosen")
        int tokens;

        @Label("Prompt tokens")
        int promptTokens;

        @Label("Waiting requests")
        int waiting;

        @Label("Time")
        @Timespan
        long time;
    }

    @Name("ai.hadal.Answer")
    @Label("Answer")
    @Category("Hadal")
    @StackTrace(false)
    @SuppressWarnings("unused") // the flight recorder reads the fields
    private static final class AnswerEvent extends Event {

        @Label("Request")
        String request = "";

        @Label("Reason")
        String reason = "";

        @Label("Prompt tokens")
        long promptTokens;

        @Label("Cached tokens")
        long cachedTokens;

        @Label("Output tokens")
        long outputTokens;

        @Label("Time in the queue")
        @Timespan
        long queue;

        @Label("Time for the prompt")
        @Timespan
        long prefill;

        @Label("Time for the answer")
        @Timespan
        long decode;
    }

    @Override
    public void stepped(StepReport step) {
        var event = new StepEvent();
        if (event.shouldCommit()) {
            event.growing = step.growing();
            event.tokens = step.tokens();
            event.promptTokens = step.prefillTokens();
            event.waiting = step.waiting();
            event.time = step.nanos();
            event.commit();
        }
    }

    @Override
    public void answered(Caller caller, Finish finish) {
        var event = new AnswerEvent();
        if (event.shouldCommit()) {
            event.request = caller.requestId();
            event.reason = finish.reason().name();
            event.promptTokens = finish.usage().prompt();
            event.cachedTokens = finish.usage().cached();
            event.outputTokens = finish.usage().output();
            event.queue = finish.timings().waited();
            event.prefill = finish.timings().prefill();
            event.decode = finish.timings().decode();
            event.commit();
        }
    }
}
