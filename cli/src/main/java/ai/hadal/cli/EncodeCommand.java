package ai.hadal.cli;

import ai.hadal.chat.ChatCases;
import ai.hadal.error.HadalException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Messages to prompt text and replies back to messages, for programs.
@Command(
        name = "encode",
        description = "Encode messages to prompt text, or parse replies, one JSON object a line.",
        footer = {
            "",
            "A line of standard input is {\"op\": \"encode\", \"input\": [messages], \"kwargs\": {\"thinking_mode\":",
            "\"chat\"}} or {\"op\": \"parse\", \"input\": \"reply\", \"kwargs\": {...}}; a line of output is",
            "{\"result\": ...} or {\"error\": {\"type\": ..., \"message\": ...}}."
        })
final class EncodeCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Option(names = "--jsonl", required = true, description = "Read and write JSON lines.")
    private boolean jsonl;

    @Override
    public void run() {
        if (!jsonl) {
            throw new HadalException("encode reads JSON lines only; give it --jsonl");
        }
        JsonLines.answer(System.in, spec.commandLine().getOut(), ChatCases::answer);
    }
}
