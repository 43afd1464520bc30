package ai.hadal.train.nano;

import ai.hadal.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One run of an exam: who sits, what the next step reads, and whose turn is next.
final class ExamRun {

    /// Tokens of all sittings together; one alone may have more.
    private static final long MOST_TOKENS = 1 << 16;

    private final Examinee examinee;
    private final Tokenizer tokenizer;
    private final int mostSeats;
    private final int stepTokens;
    private final List<Exam.Paper> papers;
    private final int questions;
    private final long seed;
    private final ExamListener listener;

    /// By question, whatever the order in which they end.
    private final @Nullable ExamAnswer[] answers;

    private final List<Seat> seats = new ArrayList<>();
    private @Nullable Seat waiting;
    private int drawn;
    private int answered;
    private long tokens;

    private record Seat(int place, Sitting sitting) {}

    ExamRun(
            Examinee examinee,
            Tokenizer tokenizer,
            int mostSeats,
            int stepTokens,
            List<Exam.Paper> papers,
            int questions,
            long seed,
            ExamListener listener) {
        this.examinee = examinee;
        this.tokenizer = tokenizer;
        this.mostSeats = mostSeats;
        this.stepTokens = stepTokens;
        this.papers = papers;
        this.questions = questions;
        this.seed = seed;
        this.listener = listener;
        answers = new ExamAnswer[Math.multiplyExact(papers.size(), questions)];
    }

    ExamReport report() {
        long start = System.nanoTime();
        fillSeats();
        while (!seats.isEmpty() && !listener.cancelled()) {
            step();
            collect();
            listener.progressed(answered, answers.length, tokens);
            fillSeats();
        }
        var given = Arrays.stream(answers).filter(Objects::nonNull).toList();
        return new ExamReport(
                given, given.size() == answers.length, questions, seed, tokens, (System.nanoTime() - start) / 1e9);
    }

    private void fillSeats() {
        while (seats.size() < mostSeats) {
            if (waiting == null) {
                if (drawn == answers.length) {
                    return;
                }
                waiting = new Seat(drawn, sitting(drawn));
                drawn++;
            }
            long held = seats.stream().mapToLong(seat -> seat.sitting().size()).sum();
            if (held > 0 && held + waiting.sitting().size() > MOST_TOKENS) {
                return;
            }
            seats.add(waiting);
            waiting = null;
        }
    }

    private Sitting sitting(int place) {
        var paper = papers.get(place / questions);
        int number = place % questions;
        var episode = Curriculum.episode(paper.task(), paper.part().mode(), true, seed, number);
        return new Sitting(paper.part(), number, episode, tokenizer);
    }

    /// One token for each reply under way, and with the room that is left as much as possible of the first prompts.
    private void step() {
        var sittings = seats.stream().map(Seat::sitting).toList();
        var order = Stream.concat(
                        sittings.stream().filter(Sitting::replies),
                        sittings.stream().filter(sitting -> !sitting.replies()))
                .toList();
        var pieces = new ArrayList<Examinee.Piece>();
        int room = stepTokens;
        for (var sitting : order) {
            if (room == 0) {
                break;
            }
            var piece = sitting.piece(examinee, room);
            pieces.add(piece);
            room -= piece.ids().length;
        }
        tokens += stepTokens - room;
        int[] next = examinee.read(pieces);
        for (int i = 0; i < next.length; i++) {
            if (pieces.get(i).asked()) {
                order.get(i).accept(next[i]);
            }
        }
    }

    private void collect() {
        for (var seat : seats) {
            if (seat.sitting().done()) {
                var answer = seat.sitting().answer();
                answers[seat.place()] = answer;
                answered++;
                listener.answered(answer);
            }
        }
        seats.removeIf(seat -> seat.sitting().done());
    }
}
