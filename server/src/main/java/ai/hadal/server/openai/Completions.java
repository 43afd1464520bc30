package ai.hadal.server.openai;

import ai.hadal.server.http.ApiException;
import ai.hadal.server.http.Call;
import ai.hadal.server.http.Endpoint;
import ai.hadal.server.http.EventStream;
import ai.hadal.server.http.Fields;
import ai.hadal.server.http.ModelNames;
import ai.hadal.server.reply.Exchange;
import ai.hadal.server.reply.Exchanges;
import ai.hadal.server.reply.ReplyService;
import ai.hadal.server.reply.Settings;
import ai.hadal.server.reply.TextRequest;
import ai.hadal.tokenizer.Tokenizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// `POST /v1/completions`: OpenAI's completions, without the chat protocol, and with a `suffix` DeepSeek's
/// fill-in-the-middle.
public final class Completions implements Endpoint {

    private static final int DEFAULT_TOKENS = 16;
    private static final int NO_LOGPROBS = -1;

    private final ReplyService service;
    private final ModelNames models;

    public Completions(ReplyService service, ModelNames models) {
        this.service = service;
        this.models = models;
    }

    @Override
    public void handle(Call call) throws IOException {
        Fields body = call.body();
        models.mode(body.string("model"));
        var settings = settings(body);
        var prompts = new CompletionPrompts(tokenizer(), service.options().parseSpecial()).read(body);
        var head = new CompletionHead(
                Heading.of("cmpl-", body.string("model", models.served())),
                echoes(body, prompts, settings),
                settings.choices());
        boolean stream = body.bool("stream", false);
        boolean usage = UsageJson.wanted(body);
        var exchanges = begin(body, prompts, settings, call);
        call.onGone(exchanges::stop);
        if (!stream) {
            var answer = new CompletionAnswer(head, tokenizer());
            exchanges.run(answer);
            call.send(answer.json());
            return;
        }
        // Closed by the gate if something fails, after it has told so.
        EventStream events = call.stream();
        var chunks = new CompletionChunks(head, tokenizer(), usage, events);
        exchanges.run(chunks);
        chunks.end();
        events.close();
    }

    private Tokenizer tokenizer() {
        return service.engine().tokenizer();
    }

    private Exchanges begin(Fields body, List<CompletionPrompts.Prompt> prompts, Settings settings, Call call) {
        var format = ToolFields.format(body);
        var begin = new ArrayList<Supplier<Exchange>>();
        for (var prompt : prompts) {
            begin.add(() -> service.text(new TextRequest(prompt.ids(), format, settings), call.caller()));
        }
        return TooLong.in("prompt", () -> Exchanges.begin(begin, settings.choices()));
    }

    private Settings settings(Fields body) {
        var settings = SamplingFields.read(
                body,
                body.integer("max_tokens", DEFAULT_TOKENS, 1, Integer.MAX_VALUE),
                body.integer("logprobs", NO_LOGPROBS, 0, SamplingFields.MOST_LOGPROBS),
                service.engine().config().vocabSize());
        if (body.integer("best_of", settings.choices(), 1, Integer.MAX_VALUE) != settings.choices()) {
            throw ApiException.invalid(
                    "best_of", "'best_of' must be equal to 'n'; ask for all answers and choose among them");
        }
        return settings;
    }

    private static List<String> echoes(Fields body, List<CompletionPrompts.Prompt> prompts, Settings settings) {
        boolean echo = body.bool("echo", false);
        if (echo && settings.logprobs() != NO_LOGPROBS) {
            throw ApiException.invalid(
                    "echo", "'echo' with 'logprobs' is not supported: prompts have no log probabilities here");
        }
        return prompts.stream().map(prompt -> echo ? prompt.text() : "").toList();
    }
}
