package ai.hadal.train.nano;

/// The language of an episode. One in four is Chinese.
enum Language {
    ENGLISH,
    CHINESE;

    static Language of(Draw draw) {
        return draw.chance(25) ? CHINESE : ENGLISH;
    }

    /// The text in this language.
    String say(String english, String chinese) {
        return this == ENGLISH ? english : chinese;
    }
}
