package ai.hadal.grammar;

import java.util.ArrayList;

/// How the characters of a string value are written.
enum Letters {
    /// As they are.
    RAW {
        @Override
        Expression any() {
            return new Expression.Characters(CodePoints.ALL);
        }

        @Override
        Expression oneOf(CodePoints set) {
            return new Expression.Characters(set);
        }

        @Override
        Expression text(String text) {
            return Expression.text(text);
        }
    },

    /// As inside the quotes of a JSON string.
    JSON {
        @Override
        Expression any() {
            return Json.CHARACTER;
        }

        @Override
        Expression oneOf(CodePoints set) {
            var ways = new ArrayList<Expression>();
            CodePoints plain = set.and(Json.PLAIN);
            if (!plain.isEmpty()) {
                ways.add(new Expression.Characters(plain));
            }
            CodePoints escaped = set.minus(Json.PLAIN);
            for (int r = 0; r < escaped.ranges(); r++) {
                for (int c = escaped.first(r); c <= escaped.last(r); c++) {
                    ways.add(Expression.text(Json.escaped(Character.toString(c))));
                }
            }
            return new Expression.Choice(ways);
        }

        @Override
        Expression text(String text) {
            return Expression.text(Json.escaped(text));
        }
    };

    /// Any one character.
    abstract Expression any();

    /// One character of the set, in its usual form.
    abstract Expression oneOf(CodePoints set);

    abstract Expression text(String text);
}
