package ai.hadal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.engine.TinyEngine.Listener;
import ai.hadal.testing.TalkingModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Stop strings: found wherever the text is cut into pieces, and no part of one is ever shown.
class StopTextTest {

    @Test
    void whatCouldBecomeAStopIsHeldBack() {
        var stops = new StopText(List.of("END"));
        assertThat(stops.add("the E")).isEqualTo("the ");
        assertThat(stops.add("N")).isEmpty();
        assertThat(stops.add("EN")).isEqualTo("EN");
        assertThat(stops.add("D and more")).isEmpty();
        assertThat(stops.stopped()).isTrue();
    }

    @Test
    void anOpenEndIsReleasedWhenTheTextIsOver() {
        var stops = new StopText(List.of("END"));
        assertThat(stops.add("no EN")).isEqualTo("no ");
        assertThat(stops.flush()).isEqualTo("EN");
        assertThat(stops.stopped()).isFalse();
    }

    @Property(tries = 2000)
    void anyCutGivesTheTextBeforeTheFirstStop(
            @ForAll @StringLength(max = 30) @CharRange(from = 'a', to = 'c') String text,
            @ForAll @Size(min = 1, max = 3)
                    List<@StringLength(min = 1, max = 4) @CharRange(from = 'a', to = 'c') String> words,
            @ForAll @IntRange(min = 1, max = 7) int step) {
        var stops = new StopText(words);
        var shown = new StringBuilder();
        int at = 0;
        while (at < text.length() && !stops.stopped()) {
            int end = Math.min(text.length(), at + 1 + (at * step) % 3);
            shown.append(stops.add(text.substring(at, end)));
            at = end;
            String soFar = shown.toString();
            assertThat(words).noneMatch(soFar::contains);
            assertThat(text).startsWith(soFar);
        }
        assertThat(stops.stopped()).isEqualTo(words.stream().anyMatch(text::contains));
        if (stops.stopped()) {
            // The first that is complete in what was read; one that begins earlier may still be open.
            String part = text.substring(0, at);
            int seen = words.stream()
                    .mapToInt(part::indexOf)
                    .filter(i -> i >= 0)
                    .min()
                    .orElseThrow();
            assertThat(shown.toString()).isEqualTo(text.substring(0, seen));
        } else {
            assertThat(shown + stops.flush()).isEqualTo(text);
        }
    }

    @Test
    void aStopStringAcrossTokensEndsTheAnswer(@TempDir Path folder) {
        try (var engine = Engine.open(TalkingModel.write(folder))) {
            int[] prompt = engine.tokenizer().encode("Hello");
            var never = new SamplingOptions(0, 0, 1, 0, 1, 0, 0, Map.of(1, Float.NEGATIVE_INFINITY), 0);
            var free = new Listener();
            var whole = engine.newSession().generate(request(prompt, never, List.of()), free);
            assertThat(free.text.toString()).isEqualTo(whole.text());
            // Three characters around the border of two tokens.
            int border = free.tokens.get(0).text().length()
                    + free.tokens.get(1).text().length();
            String stop = whole.text().substring(border - 1, border + 2);
            int first = whole.text().indexOf(stop);

            var listener = new Listener();
            var result = engine.newSession().generate(request(prompt, never, List.of(stop)), listener);
            assertThat(result.reason()).isEqualTo(FinishReason.STOP);
            assertThat(result.text()).isEqualTo(whole.text().substring(0, first));
            assertThat(listener.text.toString()).isEqualTo(result.text());
            assertThat(result.ids()).hasSizeLessThan(whole.ids().length);
        }
    }

    private static GenerationRequest request(int[] prompt, SamplingOptions sampling, List<String> stops) {
        return new GenerationRequest(prompt, sampling, 24, List.of(), stops, false, -1, -1);
    }
}
