package ai.hadal.train.nano;

import ai.hadal.chat.ThinkingMode;

/// Order among people, what follows from a rule, and small expressions of true and false.
final class Logic implements Task {

    @Override
    public String name() {
        return "logic";
    }

    @Override
    public Episode make(Draw draw, ThinkingMode mode) {
        var language = Language.of(draw);
        var worked = switch (draw.integer(0, 3)) {
            case 0 -> Rules.worked(draw, language);
            case 1 -> Truth.worked(draw, language);
            default -> People.worked(draw, language);
        };
        return worked.episode(draw, mode);
    }
}
