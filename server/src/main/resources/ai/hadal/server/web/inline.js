import { h } from './dom.js';

// Inline Markdown as DOM nodes. Text only ever becomes text nodes, and a link's address is parsed and must be
// http or https, so nothing a model writes can run or load anything.

const PLAIN = /[^\\`$!\[<&:*_~\n]+/y;
const ENTITY = /&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|(\w{2,8}));/y;
// Those that models write.
const ENTITIES = new Map(Object.entries({
  amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0', ndash: '–', mdash: '—', hellip: '…', times: '×', rarr: '→', larr: '←',
}));
const MAX_DEPTH = 6;
// More pairs of marks than this in one paragraph are noise: the rest stays as written.
const MAX_PAIRS = 500;
const PUNCTUATION = /[\p{P}\p{S}]/u;
const CJK = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff00-\uffef]/u;

/**
 * The nodes of a line of Markdown: code, maths (kept as text), links, emphasis, line breaks. While `open`, the
 * text may still grow: strong emphasis and code without an end are shown as if they ended here.
 */
export function inline(text, open = false, depth = 0) {
  const scanner = new Scanner(text, open, depth);
  return emphasise(scanner.scan(), open);
}

/** The address as the browser will use it, or null if it is not plain http or https. */
export function safeUrl(address) {
  try {
    const url = new URL(address);
    return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : null;
  } catch {
    return null;
  }
}

class Scanner {
  #items = [];
  #text;
  #open;
  #depth;
  #at = 0;
  // What was searched for in vain is not there for later positions either: keeps odd input linear.
  #absent = new Set();

  constructor(text, open, depth) {
    this.#text = text;
    this.#open = open;
    this.#depth = depth;
  }

  scan() {
    while (this.#at < this.#text.length) {
      PLAIN.lastIndex = this.#at;
      const plain = PLAIN.exec(this.#text);
      if (plain) {
        this.#push(plain[0]);
        this.#at = PLAIN.lastIndex;
      } else if (!this.#special(this.#text[this.#at])) {
        this.#push(this.#text[this.#at++]);
      }
    }
    return this.#items;
  }

  #push(item) {
    const last = this.#items.length - 1;
    if (typeof item === 'string' && typeof this.#items[last] === 'string') this.#items[last] += item;
    else this.#items.push(item);
  }

  /** Reads what begins with this character; false if it is only a character. */
  #special(ch) {
    switch (ch) {
      case '\\': return this.#escape();
      case '`': return this.#code();
      case '$': return this.#dollars();
      case '!': return this.#text[this.#at + 1] === '[' && this.#link(this.#at + 1);
      case '[': return this.#link(this.#at);
      case '<': return this.#angle();
      case '&': return this.#entity();
      case ':': return this.#bareUrl();
      case '\n': return this.#lineBreak();
      default: return this.#run(ch);
    }
  }

  #find(needle, from) {
    if (this.#absent.has(needle)) return -1;
    const found = this.#text.indexOf(needle, from);
    if (found < 0) this.#absent.add(needle);
    return found;
  }

  #escape() {
    const next = this.#text[this.#at + 1];
    if (next === '(' || next === '[') {
      const end = this.#find(next === '(' ? '\\)' : '\\]', this.#at + 2);
      if (end >= 0) return this.#math(end + 2);
    }
    if (next === '\n') {
      this.#at++;
      return this.#lineBreak();
    }
    if (next === undefined || !/[!-/:-@[-`{-~]/.test(next)) return false;
    this.#push(next);
    this.#at += 2;
    return true;
  }

  #math(end) {
    this.#push(h('span', { class: 'math' }, this.#text.slice(this.#at, end)));
    this.#at = end;
    return true;
  }

  #dollars() {
    if (this.#text.startsWith('$$', this.#at)) {
      const end = this.#find('$$', this.#at + 2);
      return end >= 0 && this.#math(end + 2);
    }
    // A price is no formula: no space inside the signs, no digit after them.
    if (/\s/.test(this.#text[this.#at + 1] ?? ' ')) return false;
    const end = this.#find('$', this.#at + 1);
    const inside = end < 0 ? '' : this.#text.slice(this.#at + 1, end);
    if (end < 0 || /\s$|\n/.test(inside) || /\d/.test(this.#text[end + 1] ?? '')) return false;
    return this.#math(end + 1);
  }

  #code() {
    let size = 1;
    while (this.#text[this.#at + size] === '`') size++;
    const mark = '`'.repeat(size);
    const begin = this.#at + size;
    let end = this.#find(mark, begin);
    while (end >= 0 && this.#text[end + size] === '`') {
      let past = end + size;
      while (this.#text[past] === '`') past++;
      end = this.#text.indexOf(mark, past);
    }
    if (end < 0 && !(this.#open && begin < this.#text.length)) {
      this.#push(mark);
      this.#at = begin;
      return true;
    }
    let code = this.#text.slice(begin, end < 0 ? undefined : end).replaceAll('\n', ' ');
    if (/^ .*[^ ].* $|^ [^ ] $/.test(code)) code = code.slice(1, -1);
    this.#push(h('code', {}, code));
    this.#at = end < 0 ? this.#text.length : end + size;
    return true;
  }

  /** A link, or a picture: pictures are not loaded, they become a link to where they are. */
  #link(bracket) {
    if (this.#depth >= MAX_DEPTH || this.#absent.has('](') || this.#find('](', bracket) < 0) return false;
    const close = this.#closingBracket(bracket);
    if (close < 0 || this.#text[close + 1] !== '(') return false;
    const rest = this.#text.slice(close + 2, close + 2 + 4000);
    const target = /^\s*(?:<([^<>\n]*)>|((?:[^\s()\\]|\\.|\((?:[^\s()\\]|\\.)*\))*))(?:\s+(?:"[^"]*"|'[^']*'|\([^()]*\)))?\s*\)/.exec(rest);
    const url = target && safeUrl((target[1] ?? target[2]).replace(/\\([!-/:-@[-`{-~])/g, '$1'));
    if (!url) return false;
    const label = this.#text.slice(bracket + 1, close);
    this.#push(anchor(url, label ? inline(label, false, this.#depth + 1) : [url]));
    this.#at = close + 2 + target[0].length;
    return true;
  }

  #closingBracket(bracket) {
    // A label longer than this is no label; the limit keeps a heap of brackets cheap.
    const limit = Math.min(this.#text.length, bracket + 1000);
    for (let at = bracket + 1, level = 1; at < limit; at++) {
      const ch = this.#text[at];
      if (ch === '\\') at++;
      else if (ch === '[') level++;
      else if (ch === ']' && --level === 0) return at;
    }
    return -1;
  }

  #angle() {
    const rest = this.#text.slice(this.#at, this.#at + 2000);
    const lineBreak = /^<br\s*\/?>/i.exec(rest);
    const link = /^<(https?:\/\/[^\s<>]+)>/i.exec(rest);
    const url = link && safeUrl(link[1]);
    if (lineBreak) this.#push(h('br'));
    else if (url) this.#push(anchor(url, [link[1]]));
    else return false;
    this.#at += (lineBreak ?? link)[0].length;
    return true;
  }

  /** A character by its name or number; it is text, whatever it is. */
  #entity() {
    ENTITY.lastIndex = this.#at;
    const match = ENTITY.exec(this.#text);
    if (!match) return false;
    const [all, decimal, hexadecimal, name] = match;
    const code = decimal ? Number(decimal) : Number.parseInt(hexadecimal, 16);
    const text = name ? ENTITIES.get(name) : code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : null;
    if (!text) return false;
    this.#push(text);
    this.#at += all.length;
    return true;
  }

  #bareUrl() {
    const last = this.#items.length - 1;
    const before = this.#items[last];
    if (!this.#text.startsWith('://', this.#at) || typeof before !== 'string') return false;
    const scheme = /(?:^|[^\p{L}\p{N}])(https?)$/iu.exec(before.slice(-6))?.[1];
    const rest = /^:\/\/[^\s<>"'`*\u3000-\u303f\uff00-\uffef]+/.exec(this.#text.slice(this.#at, this.#at + 2000));
    if (!scheme || !rest) return false;
    let tail = rest[0].replace(/[.,;:!?_~]+$/, '');
    if (tail.endsWith(')') && !tail.includes('(')) tail = tail.slice(0, -1);
    const url = safeUrl(scheme + tail);
    if (!url) return false;
    this.#items[last] = before.slice(0, -scheme.length);
    this.#push(anchor(url, [scheme + tail]));
    this.#at += tail.length;
    return true;
  }

  #lineBreak() {
    const last = this.#items.length - 1;
    if (typeof this.#items[last] === 'string') this.#items[last] = this.#items[last].trimEnd();
    this.#push(h('br'));
    this.#at++;
    while (this.#text[this.#at] === ' ') this.#at++;
    return true;
  }

  /** A run of emphasis marks; whether it can open or close depends on its neighbours (CommonMark 6.2). */
  #run(ch) {
    let size = 1;
    while (this.#text[this.#at + size] === ch) size++;
    if (ch === '~' && size !== 2) {
      this.#push(ch.repeat(size));
      this.#at += size;
      return true;
    }
    const before = this.#text[this.#at - 1] ?? ' ';
    const after = this.#text[this.#at + size] ?? ' ';
    const left = !/\s/.test(after) && (!PUNCTUATION.test(after) || loose(before));
    const right = !/\s/.test(before) && (!PUNCTUATION.test(before) || loose(after));
    const word = ch === '_';
    this.#items.push({
      run: ch,
      size,
      count: size,
      opens: left && (!word || !right || PUNCTUATION.test(before)),
      closes: right && (!word || !left || PUNCTUATION.test(after)),
      fresh: loose(before),
    });
    this.#at += size;
    return true;
  }
}

/** Chinese and Japanese put no spaces between words: marks beside their letters count as beside a space. */
function loose(ch) {
  return /\s/.test(ch) || PUNCTUATION.test(ch) || CJK.test(ch);
}

function anchor(url, children) {
  return h('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, children);
}

function emphasise(items, open) {
  const bottoms = new Map();
  let pairs = 0;
  items.forEach((closer, at) => {
    if (!closer?.closes) return;
    const key = `${closer.run}${closer.opens}${closer.size % 3}`;
    while (closer.count > 0 && pairs < MAX_PAIRS) {
      const bottom = bottoms.get(key) ?? -1;
      let from = at - 1;
      while (from > bottom && !matches(items[from], closer)) from--;
      if (from <= bottom) {
        bottoms.set(key, at - 1);
        break;
      }
      const count = Math.min(items[from].count, closer.count, 2);
      items[from].count -= count;
      closer.count -= count;
      pairs++;
      wrap(items, from, at, count === 2 ? (closer.run === '~' ? 'del' : 'strong') : 'em');
    }
  });
  if (open) closeOpenStrong(items);
  return items.flatMap(nodes);
}

function matches(opener, closer) {
  if (opener?.run !== closer.run || !opener.opens || opener.count === 0) return false;
  const both = opener.closes || closer.opens;
  return !(both && (opener.size + closer.size) % 3 === 0 && !(opener.size % 3 === 0 && closer.size % 3 === 0));
}

function wrap(items, from, to, tag) {
  const inside = items.slice(from + 1, to).flatMap(nodes);
  items.fill(null, from + 1, to);
  items[from + 1] = h(tag, {}, inside);
}

function closeOpenStrong(items) {
  const last = items[items.length - 1];
  if (last?.run && last.count === last.size) last.count = 0;
  const from = items.findIndex((item) => item?.run === '*' && item.opens && item.fresh && item.count === 2);
  if (from < 0 || from === items.length - 1) return;
  items[from].count = 0;
  wrap(items, from, items.length, 'strong');
}

function nodes(item) {
  if (item === null) return [];
  return item.run ? (item.count ? [item.run.repeat(item.count)] : []) : [item];
}
