/// What may be generated next: grammars over bytes, JSON schemas as grammars, and the sets of tokens that
/// keep a text inside one.
@NullMarked
package ai.hadal.grammar;

import org.jspecify.annotations.NullMarked;
