package ai.hadal.cli;

import ai.hadal.error.HadalException;
import ai.hadal.server.HadalServer;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// The model behind an address.
@Command(
        name = "serve",
        description = "Serve a model over HTTP: the APIs of OpenAI, Anthropic and DeepSeek, and a page to chat.",
        sortOptions = false,
        defaultValueProvider = ServeEnvironment.class,
        footerHeading = "%nExamples:%n",
        footer = {
            "  hadal serve",
            "  hadal serve models/flash --host 0.0.0.0 --api-key team=s3cret",
            "  curl http://127.0.0.1:8080/v1/chat/completions -d"
                    + " '{\"messages\": [{\"role\": \"user\", \"content\": \"What is 4711 + 289?\"}]}'",
            "  hadal serve @serve.conf",
            "",
            "Options may stand in a file (@FILE) and in the environment: HADAL_SERVE_PORT for --port.",
            "SIGTERM and Ctrl-C let running answers end (--drain) and take no new ones; a second Ctrl-C ends at once."
        })
final class ServeCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "MODEL", description = "The checkpoint, as --model.")
    private @Nullable Path path;

    @Mixin
    private ModelOptions model;

    @Mixin
    private ServeOptions serve;

    @Option(
            names = "--log-format",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "How requests are logged to standard error: text (default), json or off.")
    private String logFormat = "text";

    @Override
    public Integer call() throws InterruptedException {
        var out = spec.commandLine().getOut();
        var err = spec.commandLine().getErr();
        if (path != null && path.toString().startsWith("@")) {
            throw new HadalException(
                    "there is no file of options " + path.toString().substring(1) + "; check its name");
        }
        var checkpoint = model.path(path);
        var config = serve.config(checkpoint);
        var log = ServeLog.of(logFormat, err);
        var warnings = ServeLog.warnings(logFormat, err);
        LibraryLog.to(warnings);
        new ServeEnvironment().unknown(spec).forEach(warnings);
        var stop = new CountDownLatch(1);
        try (var engine = model.open(path);
                var server = HadalServer.start(engine, config, log, warnings)) {
            var before = Signals.register("TERM", stop::countDown);
            try (var interrupt = Interrupt.watch(stop::countDown)) {
                var report = new ServeReport(engine, server, config, checkpoint);
                report.print(out);
                if (!config.warmUp().isZero()) {
                    var _ = server.ready().thenAccept(warmUp -> report.printReady(out, warmUp));
                }
                stop.await();
                drain(server, warnings);
                return interrupt.raised() ? Interrupt.EXIT_CODE : Main.OK;
            } finally {
                Signals.unregister("TERM", before);
            }
        }
    }

    private void drain(HadalServer server, Consumer<String> told) throws InterruptedException {
        int left = left(server);
        if (left > 0) {
            told.accept("stopping; " + answers(left) + " may take up to "
                    + serve.drain().toSeconds() + " s to end");
        }
        if (!server.drain(serve.drain())) {
            told.accept(answers(left(server)) + " did not end in time: cut off");
        }
    }

    private static int left(HadalServer server) {
        var load = server.load();
        return load.running() + load.waiting();
    }

    private static String answers(int count) {
        return count + (count == 1 ? " answer" : " answers");
    }
}
