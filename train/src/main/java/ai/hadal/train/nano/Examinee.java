package ai.hadal.train.nano;

import java.util.List;

/// Who sits an exam: reads many texts at once and says how each goes on, always with the likeliest token.
interface Examinee {

    /// A text as far as it was read.
    interface Text {

        /// Forgets what follows the first `length` tokens, or as much as it takes to do so.
        ///
        /// @return the tokens that remain known, at most `length`
        int keep(int length);
    }

    /// The next tokens of a text.
    ///
    /// @param ids at least one
    /// @param asked whether the token after them is wanted
    record Piece(Text text, int[] ids, boolean asked) {}

    /// An empty text.
    Text open();

    /// Reads one piece each of different texts.
    ///
    /// @return for each piece the likeliest next token, the lowest id of equals; -1 where it was not asked for
    int[] read(List<Piece> pieces);
}
