package ai.hadal.server.reply;

import ai.hadal.chat.Message;
import ai.hadal.chat.ReplyEvent;
import ai.hadal.chat.ThinkingMode;
import ai.hadal.chat.ToolChoice;
import ai.hadal.engine.RefusedException;
import ai.hadal.engine.SamplingOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Has the service answer chats of no meaning, so that its code is compiled and its weights are in memory
/// when the first request comes. They grow in number and length from round to round, for as long as rounds
/// become faster by it and time is left.
///
/// The step that runs when time is over ends first. Rounds that would foreseeably take too long do not
/// begin, so a slow model is held up by little.
public final class WarmUp {

    private static final int FIRST_WORDS = 4;
    private static final int GROWTH = 4;
    private static final int LARGEST_WORDS = 64;
    private static final int MOST_TOGETHER = 4;
    private static final int TOKENS = 32;

    /// A round that is faster than the best one by less than this part is no progress.
    private static final double PROGRESS = 0.1;

    /// Rounds of full size without progress after which it ends.
    private static final int PATIENCE = 2;

    private static final Caller NOBODY = new Caller("", "", "");

    private final ReplyService service;
    private final ThinkingMode mode;
    private final long deadline;

    private WarmUp(ReplyService service, ThinkingMode mode, Duration most) {
        this.service = service;
        this.mode = mode;
        this.deadline = System.nanoTime() + most.toNanos();
    }

    /// Time is over.
    private static final class OverException extends IOException {

        private static final long serialVersionUID = 1;
    }

    /// Warms a service up.
    ///
    /// @param service one that leaves no trace, see [ReplyService#aside]; ends early when its scheduler is closed
    /// @param mode how much requests will mostly reason
    /// @param most how long it may take
    public static void run(ReplyService service, ThinkingMode mode, Duration most) {
        try {
            new WarmUp(service, mode, most).rounds();
        } catch (OverException _) {
            // It is as warm as it gets in the time.
        } catch (RefusedException _) {
            // There is no room for more, or the server ends.
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void rounds() throws IOException {
        long best = Long.MAX_VALUE;
        int idle = 0;
        int round = 0;
        for (int words = FIRST_WORDS, together = 1; idle < PATIENCE; round++) {
            long start = System.nanoTime();
            round(round, words, together);
            long took = System.nanoTime() - start;
            boolean full = words == LARGEST_WORDS && together == MOST_TOGETHER;
            if (full) {
                idle = took > best * (1 - PROGRESS) ? idle + 1 : 0;
                best = Math.min(best, took);
            }
            words = Math.min(words * GROWTH, LARGEST_WORDS);
            together = Math.min(together * 2, MOST_TOGETHER);
            if (left() < (full ? took : took * GROWTH)) {
                throw new OverException();
            }
        }
    }

    private void round(int round, int words, int together) throws IOException {
        List<Supplier<Exchange>> chats = IntStream.range(0, together)
                .<Supplier<Exchange>>mapToObj(i -> () -> service.chat(chat(round * MOST_TOGETHER + i, words), NOBODY))
                .toList();
        Exchanges.begin(chats, 1).run(new ReplyHandler() {
            @Override
            public void prefill(long done, long total) throws IOException {
                check();
            }

            @Override
            public void grew(int choice, List<ReplyEvent> events, @Nullable Token token) throws IOException {
                check();
            }

            @Override
            public void finished(int choice, Finish finish) throws IOException {
                if (finish.reason() == Finish.Reason.CANCELLED) {
                    throw new OverException();
                }
            }
        });
    }

    /// Nanoseconds that are left.
    private long left() {
        return deadline - System.nanoTime();
    }

    private void check() throws OverException {
        if (left() < 0) {
            throw new OverException();
        }
    }

    /// @param number no other chat begins like it
    private ChatRequest chat(int number, int words) {
        String text = Stream.iterate(number, n -> n * 31 + 7)
                .limit(words)
                .map(n -> (n % 3 == 0 ? " word " : ", ") + Math.floorMod(n, 1000))
                .reduce(number + ":", String::concat);
        // The model is kept from ending.
        int end = service.engine().tokenizer().eosId();
        var sampling = new SamplingOptions(1, 0, 1, 0, 1, 0, 0, Map.of(end, -100f), number);
        return new ChatRequest(
                List.of(new Message.User(text)),
                List.of(),
                new ToolChoice.None(),
                true,
                Format.FREE,
                mode,
                -1,
                new Settings(sampling, TOKENS, List.of(), 1, -1, 0));
    }
}
