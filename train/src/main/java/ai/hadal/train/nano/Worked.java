package ai.hadal.train.nano;

import ai.hadal.chat.Message;
import ai.hadal.chat.ThinkingMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A question with its answer, the steps that lead to it, and a check of the answer by another way.
///
/// The modes differ in what they write: the answer alone, the steps, or the steps and the check. Now and then the
/// careful mode goes wrong first, sees it in the check and starts again.
///
/// @param slip a wrong way, null if there is none that the check would find
record Worked(
        Language language,
        String key,
        String question,
        String answer,
        String steps,
        String check,
        @Nullable Slip slip) {

    private static final int SLIPS_PERCENT = 15;

    /// Steps with one mistake.
    ///
    /// @param steps as the right ones up to the mistake
    /// @param check of the wrong result, up to where it fails
    record Slip(String steps, String check) {}

    Episode episode(Draw draw, ThinkingMode mode) {
        var reply = new Message.Assistant(answer, reasoning(draw, mode), List.of());
        return new Episode(key, mode, List.of(new Message.User(question), reply));
    }

    private String reasoning(Draw draw, ThinkingMode mode) {
        return switch (mode) {
            case NON_THINK -> "";
            case HIGH -> steps;
            case MAX ->
                slip != null && draw.chance(SLIPS_PERCENT)
                        ? String.join("\n", marked(slip.steps), checked(slip.check), again(), steps, checked(check))
                        : steps + "\n" + checked(check);
        };
    }

    private String checked(String text) {
        return language.say("check", "检验") + "\n" + text;
    }

    private String again() {
        return language.say("wrong, again", "错，重来");
    }

    /// Marks the wrong way from its first difference on. A word is marked whole, with the space before it, as a
    /// tokenizer may have one piece for both.
    private String marked(String wrong) {
        int same = 0;
        while (same < wrong.length() && same < steps.length() && wrong.charAt(same) == steps.charAt(same)) {
            same++;
        }
        while (same > 0 && Character.isLetter(wrong.charAt(same - 1)) && Character.isLetter(wrong.charAt(same))) {
            same--;
        }
        if (same > 0 && wrong.charAt(same - 1) == ' ' && Character.isLetter(wrong.charAt(same))) {
            same--;
        }
        return wrong.substring(0, same) + Episode.MISTAKE_START + wrong.substring(same) + Episode.MISTAKE_END;
    }
}
