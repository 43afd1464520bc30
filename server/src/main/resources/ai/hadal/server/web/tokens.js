// Code into coloured pieces: comments, strings, numbers, keywords and what is called. It knows families of languages,
// not languages, and is right about most lines of most of them.

const words = (text) => new Set(text.split(' '));

const BRACES = words('abstract as async await bool boolean break byte case catch char class const constexpr continue crate '
  + 'default defer delete do double dyn else enum export extends extern false final finally float fn for foreach from fun func '
  + 'function go goto if impl implements import in init inline instanceof int interface internal let long loop match mod module mut '
  + 'namespace new nil null operator out override package private protected pub public readonly record ref return sealed self '
  + 'short signed sizeof static str string struct super switch synchronized template this throw throws trait true try type '
  + 'typedef typeof undefined union unsafe unsigned use using val var virtual void volatile when where while with yield');
const SCRIPTS = words('and as assert async await begin break case class continue declare def del do done elif else elsif end '
  + 'ensure esac except export False false fi finally for from function global if import in is lambda let local match module nil '
  + 'None nonlocal not null or pass raise require rescue return self set source then True true try unless until when while with yield');
const QUERIES = words('add all alter and as asc begin between by case check column commit constraint create cross database default '
  + 'delete desc distinct do drop else elseif end exists false for foreign from full function grant group having if in index inner '
  + 'insert into is join key left like limit local nil not null offset on or order outer primary references repeat return right '
  + 'rollback select set table then true union unique until update using values view when where while with module data let of');

// An apostrophe in a word begins no string, but one after a prefix such as Python's f does.
const STRINGS = String.raw`"(?:\\.|[^"\\\n])*"|(?<![\p{L}\p{N}_])[rbfuRBFU]{0,2}'(?:\\.|[^'\\\n])*'`;
const MANY_LINES = String.raw`"""[^]*?(?:"""|$)|'''[^]*?(?:'''|$)`;
const TEMPLATE = String.raw`\x60(?:\\[^]|[^\x60\\])*(?:\x60|\\?$)`;
const NUMBER = String.raw`(?<![\w$])\d[\w.]*`;
const WORD = String.raw`[\p{L}_$][\p{L}\p{N}_$]*`;

const family = (comment, string, keywords, ignoreCase = false) => ({
  pattern: new RegExp(`(?<comment>${comment})|(?<string>${string})|(?<number>${NUMBER})|(?<word>${WORD})|\\n|[^\\p{L}\\p{N}_$"'\\x60/#<\\n-]+|[^]`, 'uy'),
  keywords,
  ignoreCase,
});

const FAMILIES = new Map();
const add = (names, made) => names.split(' ').forEach((name) => FAMILIES.set(name, made));
const BRACE_COMMENT = String.raw`\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)`;

add('js javascript mjs ts typescript jsx tsx go golang', family(BRACE_COMMENT, `${TEMPLATE}|${STRINGS}`, BRACES));
add('java c h cpp c++ cc hpp cs csharp c# rust rs kotlin kt swift scala dart groovy php zig json jsonc json5 css scss less proto glsl cuda',
  family(BRACE_COMMENT, `${MANY_LINES}|${STRINGS}`, BRACES));
add('python py python3 ruby rb sh bash shell zsh console yaml yml toml ini conf r perl pl dockerfile make makefile elixir nix powershell ps1 julia',
  family(String.raw`(?<![\w$&{])#[^\n]*`, `${MANY_LINES}|${STRINGS}`, SCRIPTS));
add('sql postgresql mysql sqlite lua haskell hs', family(String.raw`--[^\n]*`, STRINGS, QUERIES, true));
add('html xml svg vue markup', family('<!--[^]*?(?:-->|$)', String.raw`"[^"\n<>]*"`, new Set()));

/** Whether there are colours for this language. */
export const isKnown = (language) => FAMILIES.has(language.toLowerCase());

/**
 * The pieces of this code as `{ kind, text }`, kind null for what has no colour. A piece ends with its line unless it
 * is a comment or a string of many lines, so cutting after a line's end piece and going on there gives the same.
 */
export function* pieces(code, language) {
  const { pattern, keywords, ignoreCase } = FAMILIES.get(language.toLowerCase());
  pattern.lastIndex = 0;
  for (let match; pattern.lastIndex < code.length && (match = pattern.exec(code));) {
    const [text] = match;
    const { comment, string, number, word } = match.groups;
    let kind = comment !== undefined ? 'comment' : string !== undefined ? 'string' : number !== undefined ? 'number' : null;
    if (word !== undefined) {
      if (keywords.has(ignoreCase ? word.toLowerCase() : word)) kind = 'keyword';
      else if (code[pattern.lastIndex] === '(') kind = 'called';
    }
    yield { kind, text };
  }
}
