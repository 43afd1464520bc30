package ai.hadal.server.reply;

import ai.hadal.chat.Markers;
import ai.hadal.chat.Message;
import ai.hadal.chat.ReplyStream;
import ai.hadal.engine.Engine;
import ai.hadal.engine.GenerationRequest;
import ai.hadal.engine.GenerationResult;
import ai.hadal.engine.ScheduledRequest;
import ai.hadal.engine.ScheduledRequest.Choice;
import ai.hadal.engine.Scheduler;
import ai.hadal.error.HadalException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Answers requests of any dialect. Used by any thread.
public final class ReplyService {

    private final Engine engine;
    private final Scheduler scheduler;
    private final Options options;
    private final ReplyObserver observer;
    private final Quotas quotas;
    private final @Nullable Consumer<AuditRecord> audit;
    private final TurnMemory memory;
    private final PromptBuilder prompts;
    private final Constraints constraints;
    private final int reasoningEnd;

    /// What the service may do.
    ///
    /// @param defaultMaxTokens most tokens of an answer whose request names no limit
    /// @param memoryBytes heap for what the model said in earlier turns
    /// @param idle how long nothing may happen in a stream before its client is told that it is still alive
    /// @param parseSpecial recognise special tokens in what clients say too, see [ai.hadal.chat.ChatOptions]
    public record Options(int defaultMaxTokens, long memoryBytes, Duration idle, boolean parseSpecial) {}

    /// @param quotas what tenants have left, from which answers take
    /// @param audit takes every answer with all that it depended on; null if nobody does
    /// @throws HadalException if the checkpoint brings no tokenizer
    public ReplyService(
            Engine engine,
            Scheduler scheduler,
            Options options,
            ReplyObserver observer,
            Quotas quotas,
            @Nullable Consumer<AuditRecord> audit) {
        this(engine, scheduler, options, observer, quotas, audit, new Constraints(engine.tokenizer()));
    }

    private ReplyService(
            Engine engine,
            Scheduler scheduler,
            Options options,
            ReplyObserver observer,
            Quotas quotas,
            @Nullable Consumer<AuditRecord> audit,
            Constraints constraints) {
        this.engine = engine;
        this.scheduler = scheduler;
        this.options = options;
        this.observer = observer;
        this.quotas = quotas;
        this.audit = audit;
        this.memory = new TurnMemory(options.memoryBytes());
        this.prompts = new PromptBuilder(engine.tokenizer(), memory, options.parseSpecial());
        this.constraints = constraints;
        this.reasoningEnd = engine.tokenizer().id(Markers.THINK_END).orElse(-1);
    }

    /// This service with another scheduler, and nobody who hears of its answers or remembers them. What is known of
    /// the vocabulary and of grammars is shared.
    public ReplyService aside(Scheduler other) {
        var forgetful = new Options(options.defaultMaxTokens(), 0, options.idle(), options.parseSpecial());
        var unlimited = new Quotas(Quota.NONE, InstantSource.system());
        return new ReplyService(engine, other, forgetful, ReplyObserver.NONE, unlimited, null, constraints);
    }

    public Engine engine() {
        return engine;
    }

    public Scheduler scheduler() {
        return scheduler;
    }

    public Options options() {
        return options;
    }

    /// Tokens of the prompt that a conversation becomes.
    public int countTokens(ChatRequest request) {
        return prompts.build(request).ids().length;
    }

    /// Begins to answer a conversation.
    ///
    /// @throws ai.hadal.engine.RefusedException if there is no room for it
    /// @throws HadalException if the request is wrong
    public Exchange chat(ChatRequest request, Caller caller) {
        checkContinued(request);
        var prompt = prompts.build(request);
        var replies = new ArrayList<ChoiceReply>();
        for (int i = 0; i < request.settings().choices(); i++) {
            replies.add(new ChoiceReply(
                    i, new ReplyStream(prompt.opensReasoning()), prompt.opensReasoning(), (reply, result) -> {
                        var turn = prompts.turn(prompt, result.ids());
                        if (turn != null) {
                            var conversation = new ArrayList<Message>(request.messages());
                            conversation.add(reply.toMessage());
                            memory.remember(ConversationKey.after(conversation).getLast(), turn);
                        }
                    }));
        }
        return exchange(prompt, request.settings(), Rules.of(request, prompt.opensReasoning()), replies, caller);
    }

    /// The keywords of JSON schemas in a request that its answer is not held to: what asked for them has to check.
    ///
    /// @throws HadalException if the schemas are wrong
    public List<String> passedOver(ChatRequest request) {
        return constraints.passedOver(Rules.of(request, false));
    }

    private static void checkContinued(ChatRequest request) {
        boolean continues = !request.messages().isEmpty()
                && request.messages().getLast() instanceof Message.Assistant said
                && said.open();
        if (continues && !(request.format() instanceof Format.Free)) {
            throw new HadalException(
                    "an answer that continues a given text cannot have a format; leave one of them out");
        }
    }

    /// Begins to continue a text.
    ///
    /// @throws ai.hadal.engine.RefusedException if there is no room for it
    /// @throws HadalException if the request is wrong
    public Exchange text(TextRequest request, Caller caller) {
        var prompt = new Prompt(request.ids(), new int[0], false, List.of());
        var replies = new ArrayList<ChoiceReply>();
        for (int i = 0; i < request.settings().choices(); i++) {
            replies.add(new ChoiceReply(i, null, false, (_, _) -> {}));
        }
        return exchange(prompt, request.settings(), Rules.of(request), replies, caller);
    }

    private Exchange exchange(Prompt prompt, Settings settings, Rules rules, List<ChoiceReply> replies, Caller caller) {
        int wanted = settings.maxTokens() == 0 ? options.defaultMaxTokens() : settings.maxTokens();
        int room = engine.contextLength() - prompt.ids().length + 1;
        int most = Math.max(0, Math.min(wanted, room));
        var constraint = constraints.of(rules);
        var sampling = settings.sampling();
        var requests = IntStream.range(0, replies.size())
                .mapToObj(choice -> new GenerationRequest(
                        prompt.ids(),
                        sampling.withSeed(sampling.seed() + choice),
                        most,
                        List.of(),
                        settings.stop(),
                        false,
                        settings.logprobs(),
                        prompt.opensReasoning() ? reasoningEnd : -1,
                        constraint))
                .toList();
        // The whole prompt counts until it is known how much of it was in the cache, and what the answers took.
        int expected = prompt.ids().length;
        quotas.spend(caller.tenant(), expected);
        try {
            return new Exchange(
                    replies,
                    listeners -> new ScheduledRequest(
                            IntStream.range(0, listeners.size())
                                    .mapToObj(i -> new Choice(requests.get(i), listeners.get(i)))
                                    .toList(),
                            prompt.boundaries(),
                            caller.tenant(),
                            settings.priority()),
                    scheduler::submit,
                    options.idle(),
                    new Exchange.Ending() {
                        @Override
                        public void ended(int choice, GenerationResult result, Finish finish) {
                            observer.answered(caller, finish);
                            if (audit != null) {
                                audit.accept(record(requests.get(choice), result, finish, rules, caller));
                            }
                        }

                        @Override
                        public void generated(int choice, GenerationResult result, boolean begun) {
                            var usage = result.usage();
                            long spared = choice > 0 ? 0 : begun ? usage.cached() : expected;
                            quotas.spend(caller.tenant(), usage.output() - spared);
                        }
                    });
        } catch (RuntimeException e) {
            quotas.spend(caller.tenant(), -expected);
            throw e;
        }
    }

    private AuditRecord record(
            GenerationRequest request, GenerationResult result, Finish finish, Rules rules, Caller caller) {
        return new AuditRecord(
                caller.requestId(),
                caller.tenant(),
                Instant.now().toString(),
                engine.model().fingerprint(),
                request.prompt(),
                request.sampling(),
                request.maxTokens(),
                request.stopStrings(),
                RulesJson.write(rules),
                result.ids(),
                finish.reason().name());
    }
}
