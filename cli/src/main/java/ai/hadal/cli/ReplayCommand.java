package ai.hadal.cli;

import ai.hadal.error.HadalException;
import ai.hadal.server.reply.AuditRecord;
import ai.hadal.server.reply.AuditReplay;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Gives the answers of an audit log again.
@Command(
        name = "replay",
        description = "Give the answers of a server's audit log again, and say whether they are the same.",
        sortOptions = false,
        footerHeading = "%nExample:%n",
        footer = {
            "  hadal serve models/flash --audit-log audit.jsonl",
            "  hadal replay audit.jsonl -m models/flash",
            "",
            "Every answer is computed from its prompt alone, without cache or batch. The exit code is 1 if one differs"
                    + " or a line is cut off."
        })
final class ReplayCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The audit log.")
    private Path file;

    @Mixin
    private ModelOptions model;

    @Option(names = "--request", paramLabel = "ID", description = "Only the answers of this request.")
    private @Nullable String request;

    @Override
    public Integer call() {
        var out = spec.commandLine().getOut();
        int same = 0;
        int all = 0;
        int records = 0;
        int torn = 0;
        // Bytes that are no text are part of a torn line.
        try (var lines = new BufferedReader(new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8));
                var engine = model.open(null)) {
            var replay = new AuditReplay(engine);
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (line.isBlank()) {
                    continue;
                }
                AuditRecord record;
                try {
                    record = AuditRecord.parse(line);
                } catch (HadalException e) {
                    if (records == 0) {
                        throw new HadalException(file + ", line " + number + ": " + e.getMessage(), e);
                    }
                    torn++;
                    out.println("line " + number + " is no record: it was cut off when it was written");
                    continue;
                }
                records++;
                if (request != null && !request.equals(record.requestId())) {
                    continue;
                }
                all++;
                int[] ids = replay.replay(record);
                int differs = Arrays.mismatch(ids, record.output());
                same += differs < 0 ? 1 : 0;
                out.println(record.requestId() + " " + record.time() + " " + record.output().length + " tokens: "
                        + (differs < 0 ? "same" : "differs from token " + differs + " on"));
                out.flush();
            }
        } catch (IOException e) {
            throw new HadalException(
                    "cannot read the audit log " + file + " (" + e.getClass().getSimpleName() + "); check its name", e);
        }
        if (all == 0) {
            throw new HadalException(file + " holds no answer"
                    + (request == null ? "" : " of request " + TerminalText.clean(request))
                    + "; check its name");
        }
        out.println(same + " of " + all + " answers are the same" + (torn == 0 ? "" : "; lines cut off: " + torn));
        return same == all && torn == 0 ? Main.OK : Main.FAILURE;
    }
}
